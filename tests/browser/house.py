"""The house that the browser tests visit: `ncen up` with its real processes, and Debian's Chromium."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests.data import unodc_like
from tests.sims.trial import Trial

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",  # root runs the tests in containers
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--no-proxy-server",
]
SOURCE_ROWS = 400
IMPORT_MS = 45_000


class House(NamedTuple):
    """A running trial and a browser before its door."""

    trial: Trial
    browser: Browser

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.trial.port}"

    def password(self, login: str) -> str:
        """The password of a demo account, as `ncen up` printed it."""
        return next(line.split()[1] for line in self.trial.lines if line.startswith(login + " "))

    def links(self) -> dict[str, str]:
        """The one-time links of a first start, by role, as `ncen up` printed them."""
        found = (line.split(": ", 1) for line in self.trial.lines if "/first/" in line)
        return {role.strip(): link.strip() for role, link in found}


@contextlib.contextmanager
def open_trial(*arguments: str) -> Iterator[Trial]:
    """A trial with data of its own, ended and cleared away afterwards."""
    state = Path(tempfile.mkdtemp(prefix="ncen-browser-"))
    state.chmod(0o755)
    trial = Trial(state, *arguments)
    try:
        trial.wait_until_open()
        yield trial
    finally:
        trial.close()
        shutil.rmtree(state, ignore_errors=True)


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def write_source(folder: Path) -> Path:
    """A small foreign file with the dirt of real ones."""
    path = folder / "foreign-seizures.csv"
    path.write_bytes(unodc_like.as_csv(unodc_like.rows(seed=7, count=SOURCE_ROWS)))
    return path


def bring_in(page: Page, source: Path) -> None:
    """Import a file by the page and wait until its report stands there."""
    page.goto("/imports/new")
    page.set_input_files("#f-file", str(source))
    page.select_option("select[name=mapping]", index=1)
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}"))
    page.locator(".job-progress").wait_for(state="detached", timeout=IMPORT_MS)
