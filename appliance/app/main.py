"""Builds the officers' application: loops over the rooms and hands the web layer what it may not know itself."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from litestar import Litestar, Request, Response, get
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.router import Router

from appliance.app import ROOM_NAMES
from appliance.app.accounts import api as accounts
from appliance.app.reference import api as reference
from appliance.app.web import limits as web_limits
from appliance.app.web import pages
from appliance.app.web.auth import (
    FormGuard,
    Lookups,
    SignIn,
    form_cookie_name,
    public,
    requires,
    signed_in,
)
from appliance.app.web.bodies import BodyGuard
from appliance.app.web.description import DescriptionPlugin, describe, refuse_unknown
from appliance.app.web.errors import HANDLERS
from appliance.app.web.head_requests import HeadAsGet
from appliance.app.web.headers import SecurityHeaders
from appliance.app.web.static_files import static_file
from appliance.core import clock, crypto, db, limits
from appliance.core.blobs import FolderStore
from appliance.core.i18n import N_, Message
from appliance.core.migrate import release_stamp
from appliance.core.room import (
    ALL_ROLES,
    MenuEntry,
    Right,
    Room,
    has_part,
    load_attribute,
    load_rooms,
    rights_by_name,
    room_module,
)
from appliance.core.settings import Settings, get_settings

APP = Path(__file__).resolve().parent
T = TypeVar("T")
API_DOCS = Right("web.api_docs", ALL_ROLES, N_("Read the description of the programming interface"))


@functools.cache
def own_stamp() -> str:
    """What the database must say for this release to work on it."""
    return release_stamp(ROOM_NAMES)


async def database_fits() -> bool:
    """Whether the database answers, and stands at this release's schema."""
    with contextlib.suppress(Exception):
        found = await db.fetch_value("SELECT value FROM core.fact WHERE name = 'release'")
        return bool(found == own_stamp())
    return False


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T | None:
    """What some work finds out in time; its tidying up, which may hang too, is not waited for."""
    task = asyncio.create_task(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if done:
        return task.result()
    task.cancel()
    return None


@get("/health", guards=[public], include_in_schema=False)
async def health() -> Response[dict[str, Any]]:
    """Whether this process is alive and can reach its database at this release's schema."""
    ready = await within(web_limits.HEALTH_SECONDS, database_fits()) is True
    return Response(
        {"alive": True, "ready": ready, "version": version("ncen")},
        status_code=200 if ready else 503,
        headers={"cache-control": "no-store"},
    )


@get("/api/docs", guards=[requires(API_DOCS.name)], include_in_schema=False)
async def api_docs(request: Request[Any, Any, Any]) -> Response[str]:
    """The description of the API, for people."""
    return pages.render(request, "openapi.html", api=describe(request.app))


def room_routes(rooms: Iterable[Room]) -> list[Any]:
    """The route handlers of every room that has pages or an API."""
    handlers: list[Any] = []
    for room in rooms:
        if has_part(room.name, "routes"):
            handlers += importlib.import_module(room_module(room.name, "routes")).ROUTES
    return handlers


def build_menu(rooms: Sequence[Room]) -> tuple[MenuEntry, ...]:
    """The navigation of the house, in order."""
    entries = [entry for room in rooms for entry in room.menu]
    entries.append(
        MenuEntry(N_("API"), "/api/docs", "template", API_DOCS.name, group=N_("Help"), order=95)
    )
    return tuple(sorted(entries, key=lambda entry: entry.order))


def banners(settings: Settings) -> list[pages.Flash]:
    """What every page must say: a clock nobody can believe, data that are not real."""
    shown = []
    if not clock.trusted(settings.state):
        shown.append(
            pages.Flash(
                "warning",
                Message(
                    N_(
                        "The clock of this server is not trusted. Nothing expires or is blocked until an administrator sets it."
                    )
                ),
            )
        )
    if settings.demo:
        shown.append(
            pages.Flash("info", Message(N_("Trial with synthetic cases. Do not enter real ones.")))
        )
    return shown


def template_folders(rooms: Iterable[Room]) -> list[Path]:
    """Where templates live: the shared ones, then each room's own."""
    return [APP / "web" / "templates", *(APP / room.name / "templates" for room in rooms)]


def build_house(settings: Settings, rooms: Sequence[Room]) -> pages.House:
    """What the pages are given."""
    return pages.House(
        settings=settings,
        version=version("ncen"),
        menu=build_menu(rooms),
        rights={**rights_by_name(rooms), API_DOCS.name: API_DOCS},
        label=reference.label,
        environment=pages.build_environment(
            template_folders(rooms), reference.label, settings.time_zone
        ),
        notices=lambda: banners(settings),
    )


@contextlib.asynccontextmanager
async def lifespan(_: Litestar) -> AsyncIterator[None]:
    """Open the pool, read the code lists and clear what killed uploads left, before the first request."""
    await asyncio.to_thread(FolderStore(get_settings().blobs).sweep)
    await db.start_pool()
    try:
        await reference.load_lists()
        yield
    finally:
        await db.close_pool()


def api_description(title: str = "nCEN") -> OpenAPIConfig:
    """The OpenAPI document; nothing of it is fetched from outside."""
    return OpenAPIConfig(
        title=title,
        version=version("ncen"),
        description="Sign in with an API token: Authorization: Bearer ncen_…",
        path="/api/schema",
        render_plugins=[DescriptionPlugin()],
        openapi_router=Router(
            path="/api/schema", route_handlers=[], guards=[signed_in], include_in_schema=False
        ),
        components=Components(
            security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}
        ),
        security=[{"token": []}],
    )


def build_app(settings: Settings | None = None) -> Litestar:
    """The application, ready to be served."""
    settings = settings or get_settings()
    rooms = load_rooms(ROOM_NAMES)
    house = build_house(settings, rooms)
    app = Litestar(
        route_handlers=[health, api_docs, static_file, *room_routes(rooms)],
        middleware=[BodyGuard, DefineMiddleware(FormGuard, config=form_guard(settings))],
        exception_handlers=HANDLERS,
        before_request=refuse_unknown,
        request_max_body_size=limits.REQUEST_BYTES,
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=web_limits.COMPRESS_BYTES, exclude=["^/static/"]
        ),
        openapi_config=api_description(),
        lifespan=[lifespan],
        logging_config=None,
        debug=False,
    )
    # Around the router: the framework's own middleware does not see a request that finds no route.
    lookups = Lookups(accounts.find_session, accounts.find_token)
    signed = SignIn(app.asgi_handler, lookups=lookups, settings=settings)
    app.asgi_handler = HeadAsGet(SecurityHeaders(signed, https=settings.https))
    app.state.house = house
    app.state.rights = house.rights
    app.state.resume = load_attribute("accounts", "routes:keep_typed")
    return app


def form_guard(settings: Settings) -> CSRFConfig:
    """Protection of forms: a signed token in cookie and form."""
    return CSRFConfig(
        secret=crypto.load_key(settings.keys, "forms.key").hex(),
        cookie_name=form_cookie_name(settings),
        cookie_secure=settings.https,
        cookie_httponly=True,
        cookie_samesite="lax",
    )
