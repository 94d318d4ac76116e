"""A clock that nobody can believe: cases are entered and submitted all the same, and no date is made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from tests.conftest import SignedIn
from tests.integration.conftest import SEIZURE

WRONG_CLOCKS = (datetime(1970, 1, 3, tzinfo=UTC), datetime(2038, 11, 20, tzinfo=UTC))
EVENT = {"event_date": "2026-11-20"}


@pytest.fixture(params=WRONG_CLOCKS, ids=str)
async def officer(
    signed_in: SignedIn,
    set_clock: Callable[[datetime], None],
    request: pytest.FixtureRequest,
) -> httpx.AsyncClient:
    """An officer at work while the clock goes wrong."""
    client = await signed_in("officer")
    set_clock(request.param)
    assert "The clock of this server is not trusted." in (await client.get("/seizures")).text
    return client


async def test_a_case_is_entered_and_its_number_has_the_year_of_the_event(
    officer: httpx.AsyncClient,
) -> None:
    stored = await officer.post("/seizures", data={**SEIZURE, **EVENT, "submit": "yes"})
    assert stored.status_code == 303, stored.text
    page = await officer.get(stored.headers["location"])
    assert "PH-SEA1-2026-000001" in page.text
    told = await officer.post("/api/v1/seizures", json={**SEIZURE, **EVENT, "submit": True})
    assert told.status_code == 201, told.text
    assert told.json()["case_ref"] == "PH-SEA1-2026-000002"


async def test_a_draft_is_submitted_under_the_year_of_the_event(officer: httpx.AsyncClient) -> None:
    draft = (await officer.post("/api/v1/seizures", json={**SEIZURE, **EVENT})).json()["id"]
    told = await officer.post(f"/api/v1/seizures/{draft}/submit")
    assert told.json()["case_ref"] == "PH-SEA1-2026-000001"


async def test_no_date_is_filled_in(officer: httpx.AsyncClient) -> None:
    page = await officer.get("/seizures/new")
    assert page.status_code == 200
    assert "1970-" not in page.text
    assert "2038-" not in page.text
