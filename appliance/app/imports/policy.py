"""Whose business an import is, as pure functions.

Held and rejected rows quote what a file says of cases that nobody validated. So an import belongs to who started it and
to that person's office. One from the command line belongs to no office, so to the national contact point.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from appliance.app.imports.schemas import Batch
from appliance.core.room import Role

EVERYWHERE = frozenset({Role.NCP, Role.AUDITOR})


class Viewer(NamedTuple):
    """What decides which imports somebody sees."""

    everywhere: bool
    account: UUID
    office: str


def viewer(account: UUID, office: str, roles: Collection[Role]) -> Viewer:
    """What decides which imports a person sees."""
    return Viewer(not EVERYWHERE.isdisjoint(roles), account, office)


def may_see(batch: Batch, viewer: Viewer) -> bool:
    """Whether an import is somebody's business."""
    own = batch.made_by is not None and batch.made_by == viewer.account
    same_office = bool(batch.made_by_office) and batch.made_by_office == viewer.office
    return viewer.everywhere or own or same_office
