"""Whose business an import is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from appliance.app.imports.policy import may_see, viewer
from appliance.app.imports.schemas import Batch
from appliance.core.room import Role

ADA = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
BEN = UUID("01890a5d-ac96-774b-bcce-b302099a8058")


def batch(made_by: UUID | None, office: str) -> Any:
    """As much of an import as decides."""
    return type("Some", (), {"made_by": made_by, "made_by_office": office})()


@pytest.mark.parametrize(
    ("made_by", "made_at", "account", "office", "role", "sees"),
    [
        (ADA, "SEA1", ADA, "SEA1", Role.SUPERVISOR, True),
        (ADA, "SEA1", ADA, "AIR1", Role.SUPERVISOR, True),
        (ADA, "SEA1", BEN, "SEA1", Role.SUPERVISOR, True),
        (ADA, "SEA1", BEN, "AIR1", Role.SUPERVISOR, False),
        (ADA, "", BEN, "", Role.SUPERVISOR, False),
        (None, "", BEN, "", Role.SUPERVISOR, False),
        (None, "", BEN, "HQ", Role.NCP, True),
        (ADA, "SEA1", BEN, "", Role.AUDITOR, True),
    ],
)
def test_an_import_belongs_to_who_started_it_and_to_that_office(
    made_by: UUID | None, made_at: str, account: UUID, office: str, role: Role, *, sees: bool
) -> None:
    some: Batch = batch(made_by, made_at)
    assert may_see(some, viewer(account, office, {role})) is sees
