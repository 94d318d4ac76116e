"""Why records leave the application as a file: asked in a form, or named by a program in its address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from litestar import Request, Response

from appliance.app.web import limits as web_limits
from appliance.app.web.forms import Form, Typed, typed_query
from appliance.app.web.pages import render
from appliance.core import limits
from appliance.core.errors import Invalid
from appliance.core.fields import Field, FieldSet
from appliance.core.i18n import N_, Message

PURPOSE = FieldSet(
    Field(
        name="purpose",
        label=N_("Purpose"),
        help=N_("Why the list leaves the application; this is kept in the trail."),
        max_length=limits.TEXT_CHARS,
    )
)


class Exporting(NamedTuple):
    """What the page that asks for a purpose shows: what leaves, where the form goes, and the way back."""

    title: str
    action: str
    back: str
    back_label: str
    warning: str
    kept: Iterable[tuple[str, str]] = ()


def purpose_form(typed: Typed | None = None) -> Form:
    """The form that asks why."""
    return Form(PURPOSE, typed, required=("purpose",))


def read_purpose(form: Form) -> str:
    """The purpose as typed; nothing while it is missing or says nothing, and then the form tells."""
    if not form.read():
        return ""
    purpose: str = form.values["purpose"]
    if len(purpose) < web_limits.PURPOSE_CHARS:
        form.errors["purpose"] = Message(
            N_("Say in a few words what for; at least %(limit)s characters are needed."),
            {"limit": web_limits.PURPOSE_CHARS},
        )
        return ""
    return purpose


def purpose_in(request: Request[Any, Any, Any]) -> str:
    """The purpose that a program names in its address.

    Raises:
        Invalid: it names none.
    """
    form = purpose_form(typed_query(request))
    purpose = read_purpose(form)
    if not purpose:
        raise Invalid(N_("Nothing was exported."), fields=form.errors)
    return purpose


def ask_purpose(
    request: Request[Any, Any, Any], exporting: Exporting, form: Form | None = None
) -> Response[str]:
    """The page that asks why, again with what was typed if that was not enough."""
    status = 200 if form is None else 422
    return render(
        request, "export.html", status=status, form=form or purpose_form(), exporting=exporting
    )
