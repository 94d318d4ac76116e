"""One running house for all browser tests, a second one that nobody has opened yet, and visitors to both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.house import House, open_browser, open_trial, write_source
from tests.browser.visitor import (
    PATIENCE_MS,
    WIDE,
    Complaints,
    Look,
    open_context,
    open_page,
    sign_in,
)

Visit = Callable[..., Page]
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture(scope="session")
def house(browser: Browser) -> Iterator[House]:
    """A demo: accounts of every role and synthetic cases."""
    with open_trial() as trial:
        yield House(trial, browser)


@pytest.fixture(scope="session")
def empty_house(browser: Browser) -> Iterator[House]:
    """A house as it is delivered: no account, only two one-time links."""
    with open_trial("--no-demo") as trial:
        yield House(trial, browser)


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A foreign file to import."""
    return write_source(tmp_path_factory.mktemp("source"))


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What browsers complained of; a test in which one did fails."""
    heard = Complaints()
    yield heard
    assert heard == []


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture
def visit(house: House, contexts: list[BrowserContext], complaints: Complaints) -> Visit:
    """Open a browser: `page = visit("officer", NARROW, script=False)`; nobody is signed in without a name."""

    def opened(login: str = "", look: Look = WIDE, *, script: bool = True) -> Page:
        contexts.append(open_context(house, look, script=script))
        page = open_page(contexts[-1], house, complaints)
        if login:
            sign_in(page, login, house.password(login))
        return page

    return opened


@pytest.fixture
def visit_empty(
    empty_house: House, contexts: list[BrowserContext], complaints: Complaints
) -> Visit:
    """Open a browser before the empty house."""

    def opened(look: Look = WIDE) -> Page:
        contexts.append(open_context(empty_house, look))
        return open_page(contexts[-1], empty_house, complaints)

    return opened
