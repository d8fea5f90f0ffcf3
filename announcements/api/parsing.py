"""Reading JSON: UTF-8 only, and no depth of nesting that could exhaust us."""

from __future__ import annotations

import json
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, parsers


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
