"""Answers that the database has written: JSON text that is sent as it came, without being read or written again."""

from typing import Any, TypeVar, cast

from litestar import Response
from litestar.enums import MediaType
from litestar.response.base import ASGIResponse

T = TypeVar("T")


class FinishedJSON(Response[T]):
    """The JSON of a T. The framework's way from content to bytes would cost as much as the statement."""

    def __init__(self, text: str) -> None:
        super().__init__(cast("T", text.encode()), media_type=MediaType.JSON)

    def to_asgi_response(self, *_: Any, is_head_response: bool = False, **__: Any) -> ASGIResponse:
        """The bytes as they are."""
        body = cast("bytes", self.content)
        return ASGIResponse(
            body=b"" if is_head_response else body,
            content_length=len(body),
            is_head_response=is_head_response,
            media_type=MediaType.JSON,
        )
