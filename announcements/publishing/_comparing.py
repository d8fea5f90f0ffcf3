"""What changed between two versions, in words a reader can follow: block by block, and within a block word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from announcements.kernel import text
from announcements.publishing._values import Version

Mark = Literal["same", "added", "removed"]
# Two blocks with less in common than this are one taken out and one put in.
ALIKE = 0.5
# How many pairs of equal words, or lines, are looked at for what belongs together: their number grows with the square of what
# is repeated. A paragraph of 2,000 words has some 20,000.
MOST_PAIRS = 50_000
_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that is in both, only in the newer, or only in the older."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from version `since` to version `until`. Each block of `body` is a line of its plain text, as parts in reading order."""

    since: int
    until: int
    at: datetime
    title: tuple[Part, ...]
    summary: tuple[Part, ...]
    body: tuple[tuple[Part, ...], ...]


def compare(older: Version, newer: Version) -> Difference:
    """Return what changed between two versions of an announcement."""
    return Difference(
        since=older.number,
        until=newer.number,
        at=newer.at,
        title=words(older.title, newer.title),
        summary=words(older.summary, newer.summary),
        body=tuple(_blocks(_lines(older.body), _lines(newer.body))),
    )


def _lines(body: str) -> list[str]:
    return [line for line in text.to_plain(body).splitlines() if line]


def words(older: str, newer: str) -> tuple[Part, ...]:
    """Return what changed between two lines, word by word."""
    before, after = _WORDS.findall(older), _WORDS.findall(newer)
    parts: list[Part] = []
    for kind, a, b, c, d in _steps(before, after):
        if kind == "equal":
            parts += [Part("same", "".join(after[c:d]))] if c < d else []
            continue
        parts += [Part("removed", "".join(before[a:b]))] if a < b else []
        parts += [Part("added", "".join(after[c:d]))] if c < d else []
    return tuple(parts)


def _steps(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """Return the steps from one to the other, as difflib's opcodes; where too much is repeated, one between what they begin and end with."""
    there = Counter(before)
    if sum(there[one] * many for one, many in Counter(after).items()) <= MOST_PAIRS:
        return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    one, other = len(before) - tail, len(after) - tail
    return [
        ("equal", 0, head, 0, head),
        ("replace", head, one, head, other),
        ("equal", one, len(before), other, len(after)),
    ]


def _shared(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many both begin with."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(before), len(after)))


def _blocks(older: Sequence[str], newer: Sequence[str]) -> Iterator[tuple[Part, ...]]:
    for kind, a, b, c, d in _steps(older, newer):
        if kind == "equal":
            yield from ((Part("same", line),) for line in newer[c:d])
        else:
            yield from _replaced(older[a:b], newer[c:d])


def _replaced(older: Sequence[str], newer: Sequence[str]) -> Iterator[tuple[Part, ...]]:
    """Give the lines of both that differ: those that are alike as one line, side by side as far as they go."""
    for before, after in zip(older, newer, strict=False):
        parts = words(before, after)
        if _alike(parts):
            yield parts
        else:
            yield (Part("removed", before),)
            yield (Part("added", after),)
    yield from ((Part("removed", line),) for line in older[len(newer) :])
    yield from ((Part("added", line),) for line in newer[len(older) :])


def _alike(parts: Sequence[Part]) -> bool:
    many = Counter[Mark]()
    for part in parts:
        many[part.mark] += len(_WORDS.findall(part.text))
    return 2 * many["same"] >= ALIKE * (2 * many["same"] + many["added"] + many["removed"])
