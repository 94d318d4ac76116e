"""What the application does before its first request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appliance.core.settings import get_settings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


async def test_a_start_clears_what_killed_uploads_left(cluster: Path) -> None:  # noqa: ARG001 - the start reads it
    from appliance.app.main import build_app, lifespan

    left = get_settings().blobs / "incoming" / "0123456789abcdef"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"half")
    async with lifespan(build_app()):
        assert not left.exists()
