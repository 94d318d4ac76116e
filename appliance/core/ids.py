"""Identifiers and secrets, the only place that draws random numbers for them."""

from __future__ import annotations

import secrets
import uuid

from appliance.core import clock

# No I, L, O, U, 0, 1: people read these codes aloud over a telephone.
SPOKEN_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWN_BYTES = 10  # drawn for one UUID, of which 74 bits are used
LOW_BITS = (1 << 62) - 1


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): sorted by time of making, 74 random bits."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[uuid.UUID]:
    """Many UUIDs of one moment; one call of the kernel for all of them, for bulk entry makes millions."""
    milliseconds = max(0, int(clock.now().timestamp() * 1000)) & 0xFFFF_FFFF_FFFF
    fixed = milliseconds << 80 | 0x7 << 76 | 0b10 << 62
    drawn = secrets.token_bytes(DRAWN_BYTES * count)
    return [
        uuid.UUID(int=fixed | (bits >> 68) << 64 | bits & LOW_BITS)
        for at in range(0, len(drawn), DRAWN_BYTES)
        for bits in [int.from_bytes(drawn[at : at + DRAWN_BYTES], "big")]
    ]


def random_ids(count: int) -> list[uuid.UUID]:
    """UUIDs version 4, with one call of the kernel for all: they tell nothing, not even when they were made.

    For ids that leave the country.
    """
    drawn = secrets.token_bytes(16 * count)
    return [uuid.UUID(bytes=drawn[at : at + 16], version=4) for at in range(0, len(drawn), 16)]


def made_at(identifier: uuid.UUID) -> float:
    """When an id of ours was made, by the clock of that moment: seconds since 1970."""
    return (identifier.int >> 80) / 1000


def new_token() -> str:
    """A secret of 256 bits for a cookie or a link, safe in a URL."""
    return secrets.token_urlsafe(32)


def spoken_code(groups: int = 3, length: int = 4) -> str:
    """A secret that can be dictated, such as K7QP-3FXA-TT92; 19.6 bits per group of 4."""
    return "-".join(
        "".join(secrets.choice(SPOKEN_ALPHABET) for _ in range(length)) for _ in range(groups)
    )


def parse_id(text: str) -> uuid.UUID | None:
    """The UUID that a text spells in its canonical form, or none."""
    try:
        value = uuid.UUID(text)
    except (ValueError, AttributeError):
        return None
    return value if str(value) == text.lower() else None
