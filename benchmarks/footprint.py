"""What a visitor and a machine notice: bytes of the first page, seconds until it is served, memory at rest."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from benchmarks import house, processes

FIRST_PAGE_BYTES = 300_000
START_SECONDS = 6.0
MEMORY_BYTES = 250_000_000
REST_SECONDS = 20
STARTS = 3


@dataclass(frozen=True)
class Memory:
    """Resident and proportional memory of web and work together, in bytes."""

    resident: int
    proportional: int


def at_rest(running: house.House) -> Memory:
    """The memory of both services after a page was served and nothing asked for a while."""
    running.sign_in().get("/seizures").raise_for_status()
    time.sleep(REST_SECONDS)
    found = [processes.memory(running.child(word)) for word in ("serve", "work")]
    return Memory(sum(one[0] for one in found), sum(one[1] for one in found))


def bytes_of(context: BrowserContext, url: str) -> int:
    """What the browser receives until a page stands, headers included; what it keeps costs nothing."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(url, wait_until="networkidle")
    page.close()
    return round(sum(received))


def first_page(running: house.House) -> tuple[int, int]:
    """Bytes of the first page after login in a new browser, and of the list that follows it."""
    base = f"http://127.0.0.1:{running.port}"
    program = shutil.which("chromium")
    assert program, "Chromium is not installed; the set-up for developing brings it"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = browser.new_context(locale="en")
        jar = running.sign_in().cookies
        context.add_cookies(
            [{"name": name, "value": text, "url": base} for name, text in jar.items()]
        )
        first = bytes_of(context, f"{base}/")
        following = bytes_of(context, f"{base}/seizures")
        browser.close()
    return first, following


def starts(state: Path) -> list[float]:
    """Seconds from `make run` to a served page, on a folder that has data already."""
    found = []
    for _ in range(STARTS):
        with house.running(state, by_make=True) as running:
            found.append(running.seconds)
    return found
