"""Which letters the bytes of a file are, when nobody says."""

from __future__ import annotations

import codecs
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the encoding it was read by."""

    text: str
    encoding: str


def decode(content: bytes) -> Decoded | None:
    """Return the text of UTF-8, UTF-16 or else Windows-1252; None for what is none of them."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        names = ["utf-16"]
    elif content[:200].count(0) > len(content[:200]) // 4:
        names = ["utf-16-be" if content[0] == 0 else "utf-16-le"]
    else:
        names = ["utf-8-sig", "cp1252"]
    for name in names:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return Decoded(text, name)
    return None
