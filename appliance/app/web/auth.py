"""Who is asking: cookie or API token to a Principal, and guards that name the right a route needs.

It knows no account table: main injects how sessions and tokens are found.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict
from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware.csrf import CSRFMiddleware, generate_csrf_token
from litestar.types import ASGIApp, Empty, Message, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

from appliance.app.web import limits
from appliance.core import audit, clock, db, ids
from appliance.core import limits as core_limits
from appliance.core.audit import Action, Actor, current_actor
from appliance.core.crypto import token_hash
from appliance.core.errors import AppError, Forbidden, Invalid, NotSignedIn
from appliance.core.i18n import N_, choose_language, current_language
from appliance.core.log import request_id
from appliance.core.room import Right, Role
from appliance.core.settings import Settings

READING = frozenset({"GET", "HEAD"})
# Answered alike to everybody, also while the database hangs.
ASKED_BY_NOBODY = ("/static/", "/health")
NOTED = "refusal_noted"  # whether the trail tells of this refusal
SIGN_IN_ERROR = "sign_in_error"  # why it could not be found out who is asking


class Principal(msgspec.Struct, frozen=True):
    """The person or program behind a request, as of this request."""

    id: UUID
    name: str
    roles: frozenset[Role]
    office: str
    unit: str
    language: str
    session_id: UUID | None = None
    token_scope: frozenset[str] | None = None
    token: str = ""  # the beginning of an API token, which is no secret
    confirmed_at: datetime | None = None
    must_change_password: bool = False
    must_set_second_factor: bool = False

    def may(self, right: Right) -> bool:
        """Whether a role of this person carries a right; a token may narrow it, never widen it."""
        if self.token_scope is not None and right.name not in self.token_scope:
            return False
        return not self.roles.isdisjoint(right.roles)


class Lookups(NamedTuple):
    """How a cookie or a token becomes a principal; given by main."""

    session: Callable[[bytes], Awaitable[Principal | None]]
    token: Callable[[bytes], Awaitable[Principal | None]]


def cookie_name(settings: Settings) -> str:
    """The session cookie; the prefix binds it to this host and to https (RFC 6265bis)."""
    return "__Host-ncen" if settings.https else "ncen"


def form_cookie_name(settings: Settings) -> str:
    """The cookie that a form's token is compared with."""
    return "__Host-form" if settings.https else "form"


def read_cookies(header: bytes) -> Mapping[str, str]:
    """The cookies of a request (RFC 6265, 5.4); a header that is too long counts as none.

    Ours are never quoted, and a stranger's damaged one must not hide them.
    """
    if len(header) > limits.COOKIE_BYTES:
        return {}
    pairs = (part.partition("=") for part in header.decode("latin-1").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def client_address(scope: Scope, headers: Mapping[bytes, bytes], proxy_header: str) -> str:
    """The address a request really came from; a proxy's header counts only where the settings name it."""
    if proxy_header:
        told = headers.get(proxy_header.lower().encode(), b"").decode("latin-1")
        return told.split(",")[-1].strip()[:64]
    client = scope.get("client")
    return client[0] if client else "local"


def freeing(kept: db.Kept, send: Send) -> Send:
    """Give the connection back before the answer leaves, for its way may be long."""

    async def send_freed(message: Message) -> None:
        if not kept.ended:
            await kept.end()
        await send(message)

    return send_freed


class SignIn:
    """Finds the principal of each request and tells audit, log and translation about it.

    It stands before the router, so that a page about a wrong address also knows its reader.
    """

    def __init__(self, app: ASGIApp, *, lookups: Lookups, settings: Settings) -> None:
        self.app = app
        self.lookups = lookups
        self.settings = settings
        self.cookie = cookie_name(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
        elif scope["method"] in READING:
            async with db.keep_connection() as kept:
                await self.handle(scope, receive, freeing(kept, send))
        else:
            await self.handle(scope, receive, send)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request whose reader is not yet known."""
        headers = dict(scope["headers"])
        cookies = read_cookies(headers.get(b"cookie", b""))
        principal = None
        if not scope["path"].startswith(ASKED_BY_NOBODY):
            try:
                principal = await self.find(headers, cookies)
            except AppError as error:
                scope["state"][SIGN_IN_ERROR] = error
        scope["user"] = principal
        scope["auth"] = cookies
        address = client_address(scope, headers, self.settings.trusted_proxy_header)
        scope["state"]["address"] = address
        request_id.set(str(ids.new_id()))
        current_language.set(
            choose_language(
                cookies.get("lang") or (principal.language if principal else None),
                headers.get(b"accept-language", b"").decode("latin-1"),
                self.settings.language,
            )
        )
        current_actor.set(actor_of(principal, address))
        await self.app(scope, receive, send)

    async def find(
        self, headers: Mapping[bytes, bytes], cookies: Mapping[str, str]
    ) -> Principal | None:
        """The principal: a bearer token alone counts when there is one, else the session cookie."""
        authorization = headers.get(b"authorization", b"").decode("latin-1")
        if authorization:
            kind, _, token = authorization.partition(" ")
            if kind.lower() != "bearer" or not 0 < len(token) <= limits.TOKEN_CHARS:
                return None
            return await self.lookups.token(token_hash(token.strip()))
        secret = cookies.get(self.cookie, "")
        if not 0 < len(secret) <= limits.TOKEN_CHARS:
            return None
        return await self.lookups.session(token_hash(secret))


def actor_of(principal: Principal | None, address: str) -> Actor:
    """The actor that audit entries of this request name."""
    if principal is None:
        return Actor(id="", name="", address=address)
    return Actor(
        id=str(principal.id),
        name=principal.name,
        unit=principal.unit or principal.office,
        address=address,
        session=str(principal.session_id or principal.token),
    )


class FormGuard(CSRFMiddleware):
    """Litestar's protection against forged forms; a request with a bearer token carries no cookie to abuse."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == ScopeType.HTTP and carries_no_form(scope):
            await self.app(scope, receive, send)
            return
        self.forget_damaged_cookie(scope)
        try:
            await super().__call__(scope, receive, send)
        except (UnicodeError, LookupError) as error:
            raise Invalid(N_("The form was not sent as UTF-8 text. Nothing was stored.")) from error
        except (PermissionDeniedException, TypeError) as error:
            # TypeError: the token was sent as a file, or with letters that no token has.
            ScopeState.from_scope(scope).csrf_token = self.usable_token(scope)
            raise FormExpired(
                N_(
                    "This form has expired or came from another page. Nothing was stored; go back, reload the page and send it again."
                )
            ) from error
        finally:
            # The framework closes uploads after a handler; the refusal of a guard comes before one.
            form = ScopeState.from_scope(scope).form
            if form is not Empty:
                await FormMultiDict.from_form_data(form).close()

    def forget_damaged_cookie(self, scope: Scope) -> None:
        """Let a cookie that another key signed be replaced: with it no form of this browser would ever be taken."""
        cookies = dict(scope.get("auth") or {})
        if self.config.cookie_name in cookies and not self.good_token(scope):
            del cookies[self.config.cookie_name]
            ScopeState.from_scope(scope).cookies = cookies

    def good_token(self, scope: Scope) -> str:
        """The token in this browser's cookie, if it is one of ours."""
        token = str((scope.get("auth") or {}).get(self.config.cookie_name, ""))
        return token if token.isascii() and self._decode_csrf_token(token) else ""

    def usable_token(self, scope: Scope) -> str:
        """The token for a form that is offered instead of a damaged one."""
        return self.good_token(scope) or generate_csrf_token(secret=self.config.secret)


def from_own_page(headers: Mapping[str, str], *, https: bool) -> bool:
    """Whether a form came from a page of this house, as far as the browser tells (Fetch Metadata, RFC 6454).

    A browser too old to tell either sends nothing of the kind.
    """
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    if "origin" not in headers:
        return True
    schemes = ("https",) if https else ("https", "http")
    return headers["origin"] in {f"{scheme}://{headers.get('host', '')}" for scheme in schemes}


def carries_no_form(scope: Scope) -> bool:
    """Whether a program asks: for reading, with a token, or as nobody, who must hear that nobody is signed in."""
    path: str = scope["path"]
    if path.startswith("/api/v") and scope.get("method") in READING:
        return True
    nobody = path.startswith("/api/") and scope.get("user") is None
    return nobody or any(name == b"authorization" for name, _ in scope["headers"])


class RightGuard:
    """A guard that names a right; the rights matrix reads the name.

    Guards are coroutines although they wait for nothing: the framework runs any other in a thread per request.
    """

    def __init__(self, right: str, *, unfinished: bool = False) -> None:
        self.right = right
        self.unfinished = unfinished

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        """Refuse who may not.

        Raises:
            NotSignedIn: nobody is signed in.
            FinishFirst: the person owes a new password or a second factor.
            Forbidden: the person's roles do not carry the right.
        """
        principal = principal_of(connection)
        owes = principal.must_change_password or principal.must_set_second_factor
        if owes and not self.unfinished:
            raise FinishFirst(N_("Finish setting up your sign-in first."))
        if not principal.may(connection.app.state.rights[self.right]):
            await note_refusal(connection.scope, self.right)
            raise Forbidden(N_("Your role does not allow this. Nothing was changed."))


async def note_refusal(scope: Scope, right: str) -> None:
    """Note in the trail that somebody asked for what a role does not allow; pages say so only then."""
    detail = {"path": scope["path"][: core_limits.TEXT_CHARS], "method": scope.get("method")}
    await audit.record(Action.REFUSED, right.partition(".")[0], detail={"right": right, **detail})
    scope["state"][NOTED] = True


class SignedInGuard:
    """A guard for what every signed-in person may do."""

    right = "signed in"

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        """Refuse who is not signed in.

        Raises:
            NotSignedIn: nobody is signed in.
        """
        principal_of(connection)


class PublicGuard:
    """Says that a route is meant for everybody, so that a forgotten guard is not mistaken for one."""

    right = "public"

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        """Let everybody in."""


def requires(right: str, *, unfinished: bool = False) -> RightGuard:
    """The guard of a route that needs a right; few are open to whom still owes part of the sign-in."""
    return RightGuard(right, unfinished=unfinished)


signed_in = SignedInGuard()
public = PublicGuard()


def principal_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Principal:
    """The person behind a request.

    Raises:
        NotSignedIn: nobody is signed in.
        Unavailable: it could not be found out who it is.
    """
    principal = connection.scope.get("user")
    if isinstance(principal, Principal):
        return principal
    failed: AppError | None = connection.scope["state"].get(SIGN_IN_ERROR)
    raise failed or NotSignedIn(N_("Sign in to go on."))


async def recently_confirmed(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """A guard for weighty acts: the password was given again within the last ten minutes.

    Raises:
        ConfirmFirst: it was not; the person is asked for it and comes back.
    """
    principal = principal_of(connection)
    confirmed = principal.confirmed_at
    age = (clock.now() - confirmed).total_seconds() if confirmed else None
    if age is None or not 0 <= age <= limits.REAUTHENTICATION_SECONDS:
        raise ConfirmFirst(N_("Enter your password again to go on."))


async def recently_confirmed_or_program(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """The same for what programs do as well: their token was made with the password and carries named rights only.

    Raises:
        ConfirmFirst: a person did not give the password again.
    """
    if principal_of(connection).token_scope is None:
        await recently_confirmed(connection, handler)


class ConfirmFirst(Forbidden):
    """The act needs the password again."""

    code = "confirm_first"


class FormExpired(Forbidden):
    """The form's token is damaged or not this browser's; nothing was done."""


class FinishFirst(Forbidden):
    """The person is known, but a new password or a second factor is still owed."""

    code = "finish_first"
