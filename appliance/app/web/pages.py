"""Pages: what every template is given, how values are shown in the reader's language, and one-time notices."""

from __future__ import annotations

import base64
import binascii
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import jinja2
import msgspec
from babel import dates, numbers
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from litestar.utils.scope.state import ScopeState

from appliance.app.web import limits
from appliance.app.web.auth import Principal, form_cookie_name
from appliance.core import clock, crypto
from appliance.core.i18n import (
    LANGUAGES,
    Message,
    current_language,
    plural_sentence,
    sentence,
    translate,
)
from appliance.core.room import ROLE_LABELS, MenuEntry, Right
from appliance.core.settings import Settings, get_settings

WEB = Path(__file__).resolve().parent
STATIC = WEB / "static"
FLASH_COOKIE = "flash"
THEMES = ("auto", "light", "dark")


class Flash(msgspec.Struct):
    """A notice shown once on the next page."""

    kind: str
    message: Message

    @property
    def text(self) -> str:
        """The notice in the reader's language."""
        return self.message.text()


class ShownEntry(NamedTuple):
    """A line of the navigation as this reader sees it."""

    label: str
    url: str
    icon: str
    active: bool
    badge: str = ""


@dataclass(slots=True)
class Page:
    """What every template is given about the request, the reader and the house."""

    lang: str
    dir: str
    theme: str
    languages: list[tuple[str, str]]
    principal: Principal | None
    role_labels: list[str]
    menu: list[tuple[str, list[ShownEntry]]]
    flashes: list[Flash]
    csrf_token: str
    path: str
    query: str
    notices: list[Flash]
    version: str
    moment: datetime
    address: str
    product: str = "nCEN"


@dataclass(slots=True)
class House:
    """What main gives the pages: settings, navigation, rights, labels of codes, banners."""

    settings: Settings
    version: str
    menu: tuple[MenuEntry, ...]
    rights: Mapping[str, Right]
    label: Callable[[str, str, str], str]
    environment: jinja2.Environment
    notices: Callable[[], Iterable[Flash]]


def build_environment(
    folders: Iterable[Path], label: Callable[[str, str, str], str], time_zone: str
) -> jinja2.Environment:
    """The template engine: everything escaped, undefined names are errors, texts translated per reader."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        lambda text: sentence(text, current_language.get()),
        lambda one, many, n: plural_sentence(one, many, n, current_language.get()),
        newstyle=True,
    )
    zone = ZoneInfo(time_zone)
    environment.globals |= {"asset": asset_url, "zip": zip}
    # Every page draws a few dozen of a few dozen icons.
    environment.globals["icon"] = functools.cache(
        environment.get_template("macros/icons.html").module.icon  # type: ignore[attr-defined]  # a macro
    )
    environment.filters |= {
        "date": show_date,
        "datetime": lambda value: show_datetime(value, zone),
        "number": show_number,
        "quantity": show_number,
        "filesize": show_size,
        "label": lambda code, name: label(name, code or "", current_language.get()),
        "msg": lambda text: translate(text) if isinstance(text, str) else text.text(),
    }
    return environment


@functools.cache
def asset_names() -> Mapping[str, str]:
    """Logical to hashed names of built assets."""
    found: dict[str, str] = msgspec.json.decode(
        (STATIC / "manifest.json").read_bytes(), type=dict[str, str]
    )
    return found


def asset_url(name: str) -> str:
    """The address of a built asset; the hash in it lets browsers keep it for ever."""
    return f"/static/{asset_names()[name]}"


def show_date(value: date | None) -> str:
    """A day in the reader's language."""
    return format_day(value, current_language.get()) if value else ""


@functools.lru_cache(maxsize=4096)
def format_day(value: date, language: str) -> str:
    """A day as a language writes it."""
    return str(dates.format_date(value, "medium", locale=language))


def show_datetime(value: datetime | None, zone: ZoneInfo) -> str:
    """A moment in the installation's time zone, named behind it, in the reader's language."""
    if value is None:
        return ""
    shown = dates.format_datetime(value, "medium", tzinfo=zone, locale=current_language.get())
    return f"{shown} {zone_name(value.astimezone(zone))}"


def zone_name(moment: datetime) -> str:
    """How far a moment's clock is from UTC, which every reader understands: UTC, UTC+8, UTC+5:30."""
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


@functools.lru_cache(maxsize=4096)
def format_decimal(value: Decimal, language: str) -> str:
    """A number with the reader's separators, and only the digits it has."""
    plain = format(value.normalize(), "f")
    decimals = len(plain.partition(".")[2])
    return numbers.format_decimal(
        value, format="#,##0." + "#" * decimals if decimals else "#,##0", locale=language
    )


def show_number(value: Decimal | int | None) -> str:
    """A number in the reader's language; nothing for nothing."""
    return "" if value is None else format_decimal(Decimal(value), current_language.get())


def show_size(value: int) -> str:
    """A number of bytes for people."""
    size = Decimal(value)
    for unit in ("B", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - decimal units
            return f"{show_number(size.quantize(Decimal(1)))} {unit}"
        size /= 1000
    return f"{show_number(size.quantize(Decimal('0.1')))} GB"


def read_flash(cookies: Mapping[str, str]) -> list[Flash]:
    """The notice that the last page left; what another hand wrote counts as none."""
    raw = cookies.get(FLASH_COOKIE, "")
    if not 0 < len(raw) <= limits.FLASH_CHARS:
        return []
    try:
        ours = crypto.checked(notice_key(), base64.urlsafe_b64decode(raw))
        return [msgspec.json.decode(ours, type=Flash)] if ours else []
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return []


@functools.cache
def notice_key() -> bytes:
    """What marks our notices: their sentences are filled in like our own, so nobody else may write one."""
    return crypto.load_key(get_settings().keys, "notices.key")


def flash_cookie(flash: Flash) -> Cookie:
    """A notice for the next page."""
    marked = crypto.signed(notice_key(), msgspec.json.encode(flash))
    return Cookie(
        key=FLASH_COOKIE,
        value=base64.urlsafe_b64encode(marked).decode(),
        httponly=True,
        samesite="lax",
        max_age=60,
        path="/",
    )


def redirect(url: str, kind: str = "", message: str = "", **params: Any) -> Redirect:
    """Go to another page after a change (303), with a notice there."""
    answer = Redirect(url, status_code=HTTP_303_SEE_OTHER)
    if message:
        answer.set_cookie(flash_cookie(Flash(kind, Message(message, params))))
    return answer


def shown_menu(
    house: House, principal: Principal | None, path: str
) -> list[tuple[str, list[ShownEntry]]]:
    """The navigation for this reader: only what the roles allow, grouped, in order."""
    if principal is None:
        return []
    groups: dict[str, list[ShownEntry]] = {}
    best = max(
        (
            entry.url
            for entry in house.menu
            if path == entry.url or (entry.url != "/" and path.startswith(entry.url + "/"))
        ),
        key=len,
        default="",
    )
    for entry in house.menu:
        if principal.may(house.rights[entry.right]):
            shown = ShownEntry(translate(entry.label), entry.url, entry.icon, entry.url == best)
            groups.setdefault(translate(entry.group), []).append(shown)
    return list(groups.items())


def form_token(request: Request[Any, Any, Any], cookies: Mapping[str, str]) -> str:
    """The token of this page's forms; a page about an error takes the one that the browser has."""
    made = ScopeState.from_scope(request.scope).csrf_token
    if isinstance(made, str):
        return made
    return cookies.get(form_cookie_name(request.app.state.house.settings), "")


def page_of(request: Request[Any, Any, Any]) -> Page:
    """What the templates are given about this request."""
    house: House = request.app.state.house
    principal = request.scope.get("user")
    cookies: Mapping[str, str] = request.scope.get("auth") or {}
    language = LANGUAGES[current_language.get()]
    theme = cookies.get("theme", "auto")
    return Page(
        lang=language.code,
        dir=language.direction,
        theme=theme if theme in THEMES else "auto",
        languages=[(item.code, item.name) for item in LANGUAGES.values()],
        principal=principal,
        role_labels=[translate(ROLE_LABELS[role]) for role in sorted(principal.roles)]
        if principal
        else [],
        menu=shown_menu(house, principal, request.scope["path"]),
        flashes=read_flash(cookies),
        csrf_token=form_token(request, cookies),
        path=request.scope["path"],
        query=request.scope["query_string"].decode("latin-1"),
        notices=list(house.notices()),
        version=house.version,
        moment=clock.now(),
        address=str(request.url),
    )


def render(
    request: Request[Any, Any, Any], template: str, status: int = 200, **context: Any
) -> Response[str]:
    """A page."""
    page = page_of(request)
    house: House = request.app.state.house
    text = house.environment.get_template(template).render(
        page=page, request=request, status=status, **context
    )
    answer = Response(text, media_type=MediaType.HTML, status_code=status)
    if page.flashes:
        answer.delete_cookie(FLASH_COOKIE)
    return answer


def safe_next(url: str | None, fallback: str = "/") -> str:
    """An address inside this application to go on to; anything else becomes the fallback."""
    if not url or not url.startswith("/") or url.startswith("//"):
        return fallback
    # Browsers take a backslash for a slash and drop control characters.
    honest = "\\" not in url and url.isprintable() and len(url) <= limits.URL_BYTES
    return url if honest else fallback


def today() -> date:
    """The present day in the installation's time zone is the room's business; this is UTC's."""
    return clock.now().date()
