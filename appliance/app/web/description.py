"""The description of the API as it really answers: one kind of error body for all, and what lists may be asked.

The framework describes what handlers declare. What they read from the address themselves is named in their
`opt["query"]`, and every refusal is a problem (RFC 9457), whatever raised it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute

from appliance.app.web.errors import Problem
from appliance.core.fields import Field, Kind
from appliance.core.i18n import translate

PROBLEM = {
    "description": "Refused; the body says what happened, and which fields are wrong.",
    "content": {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
    },
}
REFUSED = {"$ref": "#/components/responses/Problem"}
# An empty part of the address means nothing, as an empty field of a form.
DATE = {"type": "string", "anyOf": [{"format": "date"}, {"maxLength": 0}]}


def parameter(field: Field) -> dict[str, Any]:
    """A part of the address that narrows a list."""
    text = translate(field.label, "en")
    if field.code_list:
        text += f" (code list {field.code_list})"
    schema = DATE if field.kind is Kind.DATE else {"type": "string", "maxLength": field.max_length}
    return {"name": field.name, "in": "query", "description": text, "schema": schema}


def complete(
    document: Mapping[str, Any], queries: Mapping[tuple[str, str], Iterable[Field]]
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
            asked = [parameter(field) for field in queries.get((path, verb), ())]
            call["parameters"] = call.get("parameters", []) + asked
    return found


def queries_of(app: Litestar) -> dict[tuple[str, str], Iterable[Field]]:
    """What handlers say they read from the address."""
    return {
        (route.path_format, method.lower()): handler.opt["query"]
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "query" in handler.opt
        for method in handler.http_methods
    }


def describe(app: Litestar) -> dict[str, Any]:
    """The whole description; made once, for it does not change while the application runs."""
    if "api_description" not in app.state:
        document = app.openapi_schema.to_schema()
        app.state.api_description = complete(document, queries_of(app))
    described: dict[str, Any] = app.state.api_description
    return described


class DescriptionPlugin(JsonRenderPlugin):
    """Serves the whole description as the OpenAPI file."""

    def render(self, request: Request[Any, Any, Any], _: dict[str, Any]) -> bytes:
        """Draw the file."""
        return self.render_json(request, describe(request.app))
