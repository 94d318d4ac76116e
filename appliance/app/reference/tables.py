"""Code lists: one row per code, with its labels, validity and origin. A code in use is never deleted."""

from __future__ import annotations

from piccolo.columns import JSONB, Array, Date, Integer, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class Entry(Table, tablename="entry", schema="reference"):
    """A code of a list (domain dictionary 3.14)."""

    id = Varchar(length=90, primary_key=True, default=None)
    list_name = Varchar(length=40, default=None)
    code = Varchar(length=40, default=None)
    parent = Varchar(length=40, default="")
    labels = JSONB(default="{}")
    aliases = Array(Varchar(length=200), default=list)
    tags = Array(Varchar(length=60), default=list)
    valid_from = Date(null=True, default=None)
    valid_to = Date(null=True, default=None)
    replaced_by = Varchar(length=40, default="")
    sort = Integer(default=0)
    origin = Varchar(length=10, default="WCO")

    once = Unique([list_name, code])


TABLES: list[type[Table]] = [Entry]
