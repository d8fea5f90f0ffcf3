"""What changed between two versions, in words a reader can follow: block by block, and within a block word by word.

Words that are in both and look different, bold or a heading now, another picture under the same description, are told too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from announcements.kernel import text
from announcements.publishing._values import Version

Mark = Literal["same", "added", "removed", "formatted"]
# Two blocks with less in common than this are one taken out and one put in.
ALIKE = 0.5
# How many pairs of equal words, or lines, are looked at for what belongs together: their number grows with the square of what
# is repeated. A paragraph of 2,000 words has some 20,000.
MOST_PAIRS = 50_000
_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that is in both, only in the newer, or only in the older; `formatted`, it is in both and looks different."""

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
        title=words(_Line([(older.title, "")]), _Line([(newer.title, "")])),
        summary=words(_Line([(older.summary, "")]), _Line([(newer.summary, "")])),
        body=tuple(_blocks(_lines(older.body), _lines(newer.body))),
    )


class _Line:
    """A line: what it says, and how each stretch of it looks."""

    def __init__(self, stretches: list[tuple[str, str]]) -> None:
        self.stretches = stretches
        self.text = "".join(said for said, _look in stretches)

    def words(self) -> tuple[list[str], list[str]]:
        """Return its words, and how each looks; the space behind a word has no looks."""
        looks = [look for said, look in self.stretches for _letter in said]
        found = list(_WORDS.finditer(self.text))
        ends = [one.start() + len(one[0].rstrip()) for one in found]
        return [one[0] for one in found], [
            "|".join(dict.fromkeys(looks[one.start() : end])) for one, end in zip(found, ends, strict=True)
        ]


def _lines(body: str) -> list[_Line]:
    return [_Line(stretches) for stretches in text.to_looks(body)]


def words(older: _Line, newer: _Line) -> tuple[Part, ...]:
    """Return what changed between two lines, word by word."""
    (before, looked), (after, looks) = older.words(), newer.words()
    parts: list[Part] = []
    for kind, a, b, c, d in _steps(before, after):
        if kind == "equal":
            parts += _looking(after[c:d], [one == other for one, other in zip(looked[a:b], looks[c:d], strict=True)])
            continue
        parts += [Part("removed", "".join(before[a:b]))] if a < b else []
        parts += [Part("added", "".join(after[c:d]))] if c < d else []
    return tuple(parts)


def _looking(shared: Sequence[str], alike: Sequence[bool]) -> Iterator[Part]:
    """Give words that are in both: those that look as they did, and those that do not."""
    for same, pairs in groupby(zip(alike, shared, strict=True), key=lambda pair: pair[0]):
        yield Part("same" if same else "formatted", "".join(word for _same, word in pairs))


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


def _blocks(older: Sequence[_Line], newer: Sequence[_Line]) -> Iterator[tuple[Part, ...]]:
    for kind, a, b, c, d in _steps([line.text for line in older], [line.text for line in newer]):
        if kind == "equal":
            for before, after in zip(older[a:b], newer[c:d], strict=True):
                same = before.stretches == after.stretches
                yield (Part("same", after.text),) if same else words(before, after)
        else:
            yield from _replaced(older[a:b], newer[c:d])


def _replaced(older: Sequence[_Line], newer: Sequence[_Line]) -> Iterator[tuple[Part, ...]]:
    """Give the lines of both that differ: those that are alike as one line, side by side as far as they go."""
    for before, after in zip(older, newer, strict=False):
        parts = words(before, after)
        if _alike(parts):
            yield parts
        else:
            yield (Part("removed", before.text),)
            yield (Part("added", after.text),)
    yield from ((Part("removed", line.text),) for line in older[len(newer) :])
    yield from ((Part("added", line.text),) for line in newer[len(older) :])


def _alike(parts: Sequence[Part]) -> bool:
    many = Counter[Mark]()
    for part in parts:
        many[part.mark] += len(_WORDS.findall(part.text))
    both = 2 * (many["same"] + many["formatted"])
    return both >= ALIKE * (both + many["added"] + many["removed"])
