"""What somebody before a screen does and sees: looks, signing in, and what must never be seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.browser.house import House

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "appliance/app/web/assets/node_modules/axe-core/axe.min.js"
PICTURE_PIXELS = 2_400
PATIENCE_MS = 20_000  # two cores shared with everything else
REFUSALS = "Failed to load resource: the server responded with a status of 4"
VIOLATIONS = """axe.run({resultTypes: ["violations"]}).then(found => found.violations.map(
    one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).slice(0, 3).join(" | ")))"""
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


class Look(NamedTuple):
    """A screen, a theme and a language."""

    width: int = 1280
    theme: str = "light"
    language: str = "en"

    @property
    def name(self) -> str:
        """What a picture in this look is called."""
        return f"{'wide' if self.width > 400 else self.width}-{self.theme}-{self.language}"


WIDE = Look()
NARROW = Look(360, "dark", "ar")
ALL_LOOKS = [
    Look(width, theme, language)
    for width in (1280, 360)
    for theme in ("light", "dark")
    for language in ("en", "fr", "ar")
]


class Complaints(list[str]):
    """What the browser found wrong while somebody was looking."""

    def hear(self, message: ConsoleMessage) -> None:
        """A line of the console; that a page was refused is for the test to judge."""
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSALS):
            self.append(message.text)

    def watch(self, request: Request, home: str) -> None:
        """A request that leaves the house."""
        if not request.url.startswith((home, "data:", "blob:")):
            self.append(f"asked {request.url}")


def open_context(house: House, look: Look = WIDE, *, script: bool = True) -> BrowserContext:
    """A browser of its own, with nothing in its memory."""
    context = house.browser.new_context(
        base_url=house.url,
        viewport={"width": look.width, "height": 800 if look.width > 400 else 740},
        color_scheme="dark" if look.theme == "dark" else "light",
        locale=look.language,
        timezone_id="UTC",
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "lang", "value": look.language, "url": house.url}])
    context.set_default_timeout(PATIENCE_MS)
    return context


def open_page(context: BrowserContext, house: House, complaints: Complaints) -> Page:
    """A page whose complaints are heard."""
    page = context.new_page()
    page.on("console", complaints.hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.watch(request, house.url))
    return page


def sign_in(page: Page, login: str, password: str) -> None:
    """Through the door."""
    page.goto("/login")
    page.fill("#f-login", login)
    page.fill("#f-password", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: not url.endswith("/login"))


def violations(page: Page) -> list[str]:
    """What axe finds; its script comes in by the debugger, past the page's own policy."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(VIOLATIONS)
    return found


def look_at(page: Page) -> None:
    """What must hold on every page: nothing for axe to find, nothing that scrolls sideways."""
    assert violations(page) == [], page.url
    assert sideways(page) <= 0, page.url


def take_picture(page: Page, path: Path) -> None:
    """A picture of the page from its head as far down as anybody looks."""
    height = min(PICTURE_PIXELS, page.evaluate("document.documentElement.scrollHeight"))
    width = page.evaluate("window.innerWidth")
    clip = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(height)}
    page.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]  # a clip by its keys


def sideways(page: Page) -> int:
    """How many pixels a page is wider than its screen."""
    found: int = page.evaluate(SIDEWAYS)
    return found


def chosen_text(page: Page, name: str) -> Any:
    """The label of what a select has chosen, whether or not a search stands before it."""
    return page.locator(f"select[name={name}]").evaluate(
        "one => one.value && one.selectedOptions[0].text"
    )
