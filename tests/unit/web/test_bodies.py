"""What counts as large, and what a disk must have left."""

from __future__ import annotations

import pytest

from appliance.app.web.bodies import has_room, is_large, told_length
from appliance.core import limits


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        ({}, 0),
        ({b"content-length": b"12"}, 12),
        ({b"content-length": b"-1"}, None),
        ({b"transfer-encoding": b"chunked"}, None),
        ({b"content-length": b"12", b"transfer-encoding": b"chunked"}, None),
    ],
)
def test_a_length_counts_only_as_far_as_it_binds(
    headers: dict[bytes, bytes], length: int | None
) -> None:
    assert told_length(headers) == length


def test_what_does_not_tell_its_length_is_taken_for_large() -> None:
    assert is_large(None)
    assert is_large(limits.REQUEST_BYTES + 1)
    assert not is_large(limits.REQUEST_BYTES)


def test_room_is_needed_for_the_spooled_and_the_stored_file() -> None:
    assert has_room(10, limits.FREE_DISK_BYTES + 20)
    assert not has_room(10, limits.FREE_DISK_BYTES + 19)
