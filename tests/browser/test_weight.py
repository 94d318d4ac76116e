"""What the first page after signing in costs a thin line, and what the next one does."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import Visit

FIRST_BYTES = 300_000
NEXT_BYTES = 60_000


def weigh(page: Page, path: str) -> int:
    """Bytes on the wire for a page and everything it brings, as Chromium counts them."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    sizes: list[int] = []
    line.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    page.goto(path, wait_until="networkidle")
    line.detach()
    return sum(sizes)


def test_first_and_next_page(visit: Visit) -> None:
    known, page = visit("officer"), visit()
    page.context.add_cookies(known.context.cookies())  # type: ignore[arg-type]  # the same shape
    first, following = weigh(page, "/"), weigh(page, "/seizures")
    print(f"first page {first:,} bytes, next page {following:,} bytes")
    assert 10_000 < first < FIRST_BYTES
    assert 1_000 < following < NEXT_BYTES
