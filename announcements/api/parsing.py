"""Reading JSON: UTF-8 only, and no depth of nesting that could exhaust us."""

from __future__ import annotations

import json
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, parsers
from rest_framework.request import Request


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


class StrictJSON(parsers.BaseParser):
    """JSON as RFC 8259 has it."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the parsed body; raise ParseError saying where it breaks."""
        try:
            return json.loads(stream.read().decode(), parse_constant=_refuse)
        except (ValueError, RecursionError) as problem:
            raise exceptions.ParseError(_("The body is not JSON: %(why)s.") % {"why": problem}) from None


class RawFile(parsers.BaseParser):
    """A file that is the whole body."""

    media_type = "text/csv"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the bytes."""
        return stream.read()


class RawBytes(RawFile):
    """A file that is the whole body, whatever kind of file it is: its content tells."""

    media_type = "application/octet-stream"


class SpooledBytes(RawBytes):
    """The same for a resource whose bodies are spooled: the file is left where it lies."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the file."""
        return stream.spool


def spooled_body(request: Request) -> IO[bytes] | None:
    """Return the file that is the spooled body; None when it is in a form."""
    if SpooledBytes.media_type not in (request.content_type or ""):
        return None
    file: IO[bytes] = request._request.spool  # type: ignore[attr-defined]  # what the resource has put there
    return file


def whole_body(request: Request, kind: type[RawFile]) -> bytes | None:
    """Return the file that is the body; None when it is in a form."""
    if kind.media_type not in (request.content_type or ""):
        return None
    # The framework asks no parser about an empty body.
    content: object = request.data
    return content if isinstance(content, bytes) else b""
