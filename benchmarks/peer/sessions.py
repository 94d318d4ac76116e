"""Who asks: the session cookie to an account, by Django's own means."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from benchmarks.peer.models import AuditEntry, Session

READERS = frozenset(
    {"OFFICER", "SUPERVISOR", "INVESTIGATOR", "ANALYST", "NCP", "TRAINER", "AUDITOR"}
)


class SignIn:
    """Middleware: puts the session into the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        digest = hashlib.sha256(request.COOKIES.get("ncen", "").encode()).digest()
        request.session = (
            Session.objects.select_related("account", "account__unit")
            .filter(token_hash=digest, stage="FULL", ended_at=None, account__state="ACTIVE")
            .first()
        )
        return self.get_response(request)


def readers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse who has no role that reads."""

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = request.session
        if session is None or READERS.isdisjoint(session.account.roles):
            return HttpResponse(status=403)
        return view(request, *args, **kwargs)

    return checked


def note(
    request: HttpRequest, record: str, label: str, detail: dict[str, Any], number: str
) -> None:
    """Write the audit entry."""
    session, account = request.session, request.session.account
    AuditEntry.objects.create(
        at=timezone.now(),
        actor_id=str(account.id),
        actor_name=account.name,
        actor_unit=(account.unit.name if account.unit else "") or account.office or "",
        address=request.META["REMOTE_ADDR"],
        session=str(session.id),
        request=number,
        action="READ",
        room="seizures",
        record=record,
        label=label,
        purpose="",
        detail=detail,
    )
