"""A costly route has a brake of its own for each person."""

import pytest

from appliance.app.seizures.routes.exports import EXPORTS_A_MINUTE
from tests.conftest import SignedIn

pytestmark = pytest.mark.anyio


async def test_too_many_exports_are_refused_for_one_person_only(signed_in: SignedIn) -> None:
    officer, analyst = await signed_in("officer"), await signed_in("analyst")
    form = {"purpose": "Report of the month"}
    for _ in range(EXPORTS_A_MINUTE):
        assert (await officer.post("/seizures/export", data=form)).status_code == 200
    refused = await officer.post("/seizures/export", data=form)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert "Wait" in refused.text
    assert (await officer.get("/seizures")).status_code == 200
    assert (await analyst.post("/seizures/export", data=form)).status_code == 200
