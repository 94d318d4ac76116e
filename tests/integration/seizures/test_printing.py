"""A case on paper: who printed it and when stands on the paper, and that it was printed in the trail."""

from __future__ import annotations

import pytest

from appliance.core import db
from tests.conftest import SignedIn
from tests.integration.conftest import SEIZURE

pytestmark = pytest.mark.anyio
PRINTED = "SELECT actor_name, record FROM audit.entry WHERE action = 'PRINT'"


async def test_a_printed_case_names_its_reader_and_is_noted(signed_in: SignedIn) -> None:
    officer = await signed_in("officer")
    case = (await officer.post("/api/v1/seizures", json=SEIZURE)).json()["id"]
    page = await officer.get(f"/seizures/{case}")
    assert f'href="/seizures/{case}/print"' in page.text
    paper = await officer.get(f"/seizures/{case}/print")
    assert paper.status_code == 200
    assert paper.text.count("For official use. Printed by Amina Sow, ") == 2
    assert SEIZURE["narrative"] in paper.text
    assert [tuple(row) for row in await db.fetch(PRINTED)] == [("Amina Sow", case)]


async def test_who_may_not_see_a_case_prints_nothing(signed_in: SignedIn) -> None:
    officer, stranger = await signed_in("officer"), await signed_in("officer2")
    case = (await officer.post("/api/v1/seizures", json=SEIZURE)).json()["id"]
    assert (await stranger.get(f"/seizures/{case}/print")).status_code == 404
    assert (await (await signed_in("admin")).get(f"/seizures/{case}/print")).status_code == 403
    assert (await stranger.get("/seizures/x/print")).status_code == 404
    assert await db.fetch(PRINTED) == []
