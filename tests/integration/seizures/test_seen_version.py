"""Nobody judges a case that has changed since he looked at it."""

import pytest

from tests.conftest import SignedIn
from tests.integration.conftest import SEIZURE

pytestmark = pytest.mark.anyio


async def test_a_page_that_is_no_longer_true_cannot_validate(signed_in: SignedIn) -> None:
    officer, supervisor = await signed_in("officer"), await signed_in("supervisor")
    stored = await officer.post("/api/v1/seizures", json={**SEIZURE, "submit": True})
    address = f"/seizures/{stored.json()['id']}"
    seen = (await supervisor.get(f"/api/v1{address}")).json()["version"]
    await supervisor.post(f"/api/v1{address}/return", json={"reason": "Which container?"})
    await officer.post(f"/api/v1{address}/submit")

    refused = await supervisor.post(f"{address}/validate", data={"version": str(seen)})
    assert refused.status_code == 409
    assert "Look at it again" in refused.text
    refused = await supervisor.post(f"/api/v1{address}/validate", params={"version": seen})
    assert refused.status_code == 409

    now = (await supervisor.get(f"/api/v1{address}")).json()["version"]
    validated = await supervisor.post(f"{address}/validate", data={"version": str(now)})
    assert validated.status_code == 303


@pytest.mark.parametrize("version", ["x", "-1", "1" * 9, "1.0", "٣"])
async def test_a_version_that_is_no_number_is_refused(signed_in: SignedIn, version: str) -> None:
    officer = await signed_in("officer")
    stored = await officer.post("/api/v1/seizures", json=SEIZURE)
    answer = await officer.post(
        f"/api/v1/seizures/{stored.json()['id']}/submit", params={"version": version}
    )
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("The version is not a number")
