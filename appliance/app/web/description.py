"""The description of the API as it really answers: one kind of error body for all, and what lists may be asked.

The framework describes what handlers declare. What they read from the address themselves is named in their
`opt["query"]`, the choices of lists that the API does not serve in `opt["codes"]`, and every refusal is a problem
(RFC 9457), whatever raised it. What is not named there is refused, so that no call reads more than is described.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec
from litestar import Litestar, Request
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute

from appliance.app.web.errors import Problem
from appliance.core.errors import Invalid
from appliance.core.fields import Field, Kind
from appliance.core.i18n import N_, Message, translate

PROBLEM = {
    "description": "Refused; the body says what happened, and which fields are wrong.",
    "content": {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
    },
}
REFUSED = {"$ref": "#/components/responses/Problem"}
NOTHING = {"type": "string", "maxLength": 0}
UNKNOWN_SHOWN = 10  # parts of an address that a refusal names


class Question(NamedTuple):
    """What a handler reads from the address: its fields, and the codes of lists that the API does not serve."""

    fields: tuple[Field, ...] = ()
    codes: Mapping[str, Iterable[str]] = {}

    @classmethod
    def of(cls, opt: Mapping[str, Any]) -> Question:
        """What a handler says about itself."""
        return cls(tuple(opt.get("query", ())), opt.get("codes", {}))

    @property
    def names(self) -> list[str]:
        """The parts of the address that mean something."""
        return [field.name for field in self.fields]


def value_of(field: Field, codes: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """What may stand in a part of the address."""
    if field.code_list in codes:
        return {"type": "string", "enum": list(codes[field.code_list])}
    if field.kind is Kind.DATE:
        return {"type": "string", "format": "date"}
    if field.kind is Kind.INTEGER:
        bounds = {"minimum": field.minimum, "maximum": field.maximum}
        known = {name: int(bound) for name, bound in bounds.items() if bound is not None}
        return {"type": "integer", **known}
    return {"type": "string", "maxLength": field.max_length}


def schema_of(field: Field, codes: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """What may stand there, or nothing: an empty part means as little as an empty field of a form."""
    value = value_of(field, codes)
    return value if "maxLength" in value else {"anyOf": [value, NOTHING]}


def parameter(field: Field, codes: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """A part of the address that narrows a list or turns its pages."""
    text = translate(field.label, "en")
    if field.code_list and field.code_list not in codes:
        text += f" (code list {field.code_list})"
    schema = schema_of(field, codes)
    return {"name": field.name, "in": "query", "description": text, "schema": schema}


async def refuse_unknown(request: Request[Any, Any, Any]) -> None:
    """Let no program ask what its call does not understand; a misspelt filter would find everything.

    Raises:
        Invalid: a part of the address means nothing to the call.
    """
    if not request.scope["query_string"] or not request.scope["path"].startswith("/api/v1/"):
        return
    known = Question.of(request.route_handler.opt).names
    unknown = [name for name in dict(request.query_params) if name not in known]
    if unknown:
        told = unknown[:UNKNOWN_SHOWN]
        raise Invalid(
            N_("The address asks for what this call does not know: %(names)s. Nothing was done."),
            fields=dict.fromkeys(told, what_is_known(known)),
            names=", ".join(told),
        )


def what_is_known(names: list[str]) -> Message:
    """What an address may ask for instead."""
    if not names:
        return Message(N_("This call reads nothing from its address."))
    return Message(N_("This call knows: %(names)s."), {"names": ", ".join(names)})


def complete(
    document: Mapping[str, Any], questions: Mapping[tuple[str, str], Question]
) -> dict[str, Any]:
    """The framework's description with the errors and the questions that it does not know of."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    components = found.setdefault("components", {})
    schema = msgspec.json.schema(Problem)["$defs"]["Problem"]
    components.setdefault("schemas", {})["ProblemDetails"] = schema
    components["responses"] = {"Problem": PROBLEM}
    for path, calls in found["paths"].items():
        for verb, call in calls.items():
            good = {code: body for code, body in call["responses"].items() if code < "4"}
            call["responses"] = {**good, "4XX": REFUSED, "503": REFUSED}
            fields, codes = questions.get((path, verb), Question())
            asked = [parameter(field, codes) for field in fields]
            call["parameters"] = call.get("parameters", []) + asked
    return found


def questions_of(app: Litestar) -> dict[tuple[str, str], Question]:
    """What handlers say they read from the address."""
    return {
        (route.path_format, method.lower()): Question.of(handler.opt)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
    }


def describe(app: Litestar) -> dict[str, Any]:
    """The whole description; made once, for it does not change while the application runs."""
    if "api_description" not in app.state:
        document = app.openapi_schema.to_schema()
        app.state.api_description = complete(document, questions_of(app))
    described: dict[str, Any] = app.state.api_description
    return described


class DescriptionPlugin(JsonRenderPlugin):
    """Serves the whole description as the OpenAPI file."""

    def render(self, request: Request[Any, Any, Any], _: dict[str, Any]) -> bytes:
        """Draw the file."""
        return self.render_json(request, describe(request.app))
