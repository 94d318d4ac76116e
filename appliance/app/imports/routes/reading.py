"""What pages and resources share: the id in an address, the uploaded file, the next page of a list."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import UploadFile

from appliance.app.imports import service
from appliance.app.imports.fields import PROBLEMS
from appliance.app.imports.mapping import find_mapping
from appliance.app.imports.policy import Viewer, viewer
from appliance.app.imports.schemas import Batch, Kind, ProblemPage, Repeats
from appliance.app.imports.source import take_file
from appliance.app.web import limits as web_limits
from appliance.app.web.auth import principal_of
from appliance.app.web.forms import plain_number
from appliance.core import ids, limits
from appliance.core.errors import Invalid
from appliance.core.i18n import N_


def batch_id_of(text: str) -> UUID:
    """The id in an address.

    Raises:
        NotFound: it is none.
    """
    found = ids.parse_id(text)
    if found is None:
        raise service.no_such_import()
    return found


def viewer_of(request: Request[Any, Any, Any]) -> Viewer:
    """What decides which imports this person sees."""
    principal = principal_of(request)
    return viewer(principal.id, principal.office, principal.roles)


async def batch_of(request: Request[Any, Any, Any], text: str) -> Batch:
    """The import that an address names.

    Raises:
        NotFound: there is none, or it is not this person's business.
    """
    return await service.get_for(batch_id_of(text), viewer_of(request))


async def start(
    request: Request[Any, Any, Any],
    upload: UploadFile,
    mapping: str,
    repeats: Repeats,
    *,
    dry_run: bool,
) -> Batch:
    """Store an uploaded file and ask for its import.

    Raises:
        NotFound: there is no such mapping.
        Invalid: it cannot be what the mapping reads.
        Refused: the disk has no room for it.
    """
    most = web_limits.UPLOAD_BYTES
    digest, size = await asyncio.to_thread(take_file, upload.file, most, find_mapping(mapping))
    office = principal_of(request).office
    wanted = service.Request(digest, upload.filename, size, mapping, dry_run, repeats, office)
    return await service.start(wanted)


def number_in(request: Request[Any, Any, Any], name: str, otherwise: int) -> int:
    """A number in an address.

    Raises:
        Invalid: it is none, or too small or too large.
    """
    text = request.query_params.get(name, "")
    if not text:
        return otherwise
    field = PROBLEMS[name]
    number = plain_number(text, len(str(field.maximum)))
    if number is None or not (field.minimum or 0) <= number <= (field.maximum or 0):
        raise Invalid(N_("The address names no page of this list."))
    return number


async def problems_of(request: Request[Any, Any, Any], batch: Batch) -> ProblemPage:
    """The page of problems that an address asks for.

    Raises:
        Invalid: it asks for none.
    """
    after = number_in(request, "after", 0)
    count = number_in(request, "limit", limits.PAGE_ROWS)
    return await service.problems(batch.id, after, count, kind_of(request))


def kind_of(request: Request[Any, Any, Any]) -> Kind | None:
    """The kind of problems that an address asks for, or all.

    Raises:
        Invalid: there is no such kind.
    """
    text = request.query_params.get("kind", "")
    if text and text not in set(Kind):
        raise Invalid(N_("The address names no page of this list."))
    return Kind(text) if text else None


async def batches_of(request: Request[Any, Any, Any]) -> tuple[list[Batch], str]:
    """The page of imports that an address asks for, and the cursor of the next one.

    Raises:
        NotFound: the cursor names no import.
    """
    before = request.query_params.get("before", "")
    cursor = batch_id_of(before) if before else None
    return await service.newest(limits.PAGE_ROWS, viewer_of(request), cursor)
