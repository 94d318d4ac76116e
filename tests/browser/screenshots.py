"""Pictures of every page: all twelve looks into .build/screenshots, and those that the guides show.

`make screenshots` takes all; `make screenshots ARGS=--guides` only the few under docs/pictures.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.browser.house import House, bring_in, open_browser, open_trial, write_source
from tests.browser.views import VIEWS, View, go
from tests.browser.visitor import ALL_LOOKS, ROOT, WIDE, Look, open_context, sign_in, take_picture

PICTURES = ROOT / ".build" / "screenshots"
GUIDES = ROOT / "docs" / "pictures"
GUIDE_VIEWS = {"desk": "desk", "cases": "list", "case": "case", "new-case": "form"}
GUIDE_BYTES = 150_000
GUIDE_SCREEN: ViewportSize = {"width": 1280, "height": 640}


@contextmanager
def opened_house() -> Iterator[House]:
    """A demo with an import in it."""
    with (
        open_trial() as trial,
        open_browser() as browser,
        tempfile.TemporaryDirectory() as folder,
    ):
        house = House(trial, browser)
        context = open_context(house)
        page = context.new_page()
        sign_in(page, "supervisor", house.password("supervisor"))
        bring_in(page, write_source(Path(folder)))
        context.close()
        yield house


def contexts(
    house: House, looks: Sequence[Look], login: str
) -> Iterator[tuple[Look, BrowserContext]]:
    """One person's browsers, signed in once."""
    first = open_context(house)
    if login:
        page = first.new_page()
        sign_in(page, login, house.password(login))
    known = [cookie for cookie in first.cookies() if cookie.get("name") == "ncen"]
    for look in looks:
        context = open_context(house, look)
        context.add_cookies(known)  # type: ignore[arg-type]  # the same shape
        yield look, context
        context.close()
    first.close()


def take_all(house: House) -> int:
    """Every page in every look; return how many pictures."""
    taken = 0
    for login in dict.fromkeys(view.login for view in VIEWS):
        for look, context in contexts(house, ALL_LOOKS, login):
            page = context.new_page()
            for view in VIEWS:
                if view.login == login:
                    go(page, view)
                    take_picture(page, PICTURES / f"{view.name}-{look.name}.png")
                    taken += 1
        print(f"{login or 'nobody'}: {taken} pictures so far", flush=True)
    return taken


def take_for_guides(house: House) -> int:
    """The pictures of the guides, as one screen shows them; return how many."""
    for view in VIEWS:
        if view.name in GUIDE_VIEWS:
            for _, context in contexts(house, [WIDE], view.login):
                take_for_guide(context.new_page(), view)
    return len(GUIDE_VIEWS)


def take_for_guide(page: Page, view: View) -> None:
    """One of them; a picture that grew too large for a repository is refused."""
    page.set_viewport_size(GUIDE_SCREEN)
    go(page, view)
    page.evaluate("document.activeElement.blur()")
    path = GUIDES / f"{GUIDE_VIEWS[view.name]}.png"
    page.screenshot(path=path)
    if path.stat().st_size > GUIDE_BYTES:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes; at most {GUIDE_BYTES}.")


def main(arguments: Sequence[str]) -> None:
    """Take the pictures that were asked for."""
    with opened_house() as house:
        taken = take_for_guides(house)
        if "--guides" not in arguments:
            taken += take_all(house)
    print(f"{taken} pictures in {PICTURES} and {GUIDES}")


if __name__ == "__main__":
    main(sys.argv[1:])
