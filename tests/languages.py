"""Words of another language for a test, as a catalog that gettext reads."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import trans_real

HEAD = 28
MAGIC = 0x950412DE


@pytest.fixture
def speaks(settings: Any, tmp_path: Path) -> Iterator[Callable[[str, Mapping[str, str]], None]]:
    """Return a function that has the hub know some words of a language."""

    def know(language: str, words: Mapping[str, str]) -> None:
        place = tmp_path / language / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "django.mo").write_bytes(_catalog({"": "Content-Type: text/plain; charset=UTF-8\n", **words}))
        settings.LOCALE_PATHS = [tmp_path]
        trans_real._translations.clear()

    yield know
    trans_real._translations.clear()


def _catalog(words: Mapping[str, str]) -> bytes:
    """Return the binary form: a head, two tables of (length, offset), and the texts (GNU gettext, "MO files")."""
    pairs = sorted((given.encode(), said.encode()) for given, said in words.items())
    texts, tables = b"", [b"", b""]
    begins = HEAD + 16 * len(pairs)
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<II", len(pair[side]), begins + len(texts))
            texts += pair[side] + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(pairs), HEAD, HEAD + 8 * len(pairs), 0, 0)
    return head + tables[0] + tables[1] + texts
