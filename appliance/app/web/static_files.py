"""Built assets: known by name at start, served compressed as the build left them, kept by browsers for ever."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from appliance.app.web.auth import public
from appliance.app.web.pages import STATIC
from appliance.core.errors import NotFound
from appliance.core.i18n import N_

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
FOR_EVER = "public, max-age=31536000, immutable"
mimetypes.add_type("font/woff2", ".woff2")


def known_files(folder: Path) -> Mapping[str, Path]:
    """Every built file by its path below the folder."""
    return {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }


FILES: dict[str, Path] = {}


def find_encoded(name: str, accepted: str) -> tuple[Path, str]:
    """The file to send and its encoding: the smallest that the browser takes.

    Raises:
        NotFound: there is no such asset.
    """
    if not FILES:
        FILES.update(known_files(STATIC))
    if name not in FILES:
        raise NotFound(N_("There is nothing at this address, or you may not see it."))
    for encoding, suffix in ENCODINGS:
        if encoding in accepted and name + suffix in FILES:
            return FILES[name + suffix], encoding
    return FILES[name], ""


@get("/static/{name:path}", guards=[public], include_in_schema=False)
async def static_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """A built asset."""
    wanted = str(name).lstrip("/")
    path, encoding = find_encoded(wanted, request.headers.get("accept-encoding", ""))
    headers = {"cache-control": FOR_EVER, "vary": "accept-encoding"}
    if encoding:
        headers["content-encoding"] = encoding
    kind = mimetypes.guess_type(wanted)[0] or "application/octet-stream"
    return Response(path.read_bytes(), media_type=kind, headers=headers)
