"""The trail's two tables: entries as they were written, and the seals that hold them in place.

Nobody updates either. What the ORM cannot say (numbering, indexes) is a migration of its own.
"""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, Bytea, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table


class Xid8(BigInt):
    """PostgreSQL's 64-bit transaction number, which never starts again from the beginning."""

    @property
    def column_type(self) -> str:
        """The type as PostgreSQL names it."""
        return "XID8"


class Entry(Table, tablename="entry", schema="audit"):
    """One line of the trail; `xid` is the transaction that wrote it, filled by the database."""

    n = BigInt(primary_key=True, default=None, null=False)
    xid = Xid8(default=None, null=False)
    at = Timestamptz(default=None, null=False)
    actor_id = Text()
    actor_name = Text()
    actor_unit = Text()
    address = Text()
    session = Text()
    request = Text()
    action = Text(default=None, null=False)
    room = Text(default=None, null=False)
    record = Text()
    label = Text()
    purpose = Text()
    detail = JSONB(default="{}")


class Seal(Table, tablename="seal", schema="audit"):
    """A link of the chain: entries up to (to_xid, last_n), their digests, the digest before it."""

    number = BigInt(primary_key=True, default=None, null=False)
    at = Timestamptz(default=None, null=False)
    version = SmallInt(default=None, null=False)
    from_xid = Xid8(default=None, null=False)
    to_xid = Xid8(default=None, null=False)
    first_n = BigInt(default=None, null=False)
    last_n = BigInt(default=None, null=False)
    entries = Integer(default=None, null=False)
    row_digests = Bytea(default=None, null=False)
    sha256 = Bytea(default=None, null=False)
    previous = Bytea(default=None, null=False)
