"""What announcements say, folded into words that can be searched: SQLite's FTS5 and PostgreSQL's full text behind one interface.

Both index the very same words, made here, so that case, accents and punctuation mean the same on either; neither stems,
because a company writes in several languages and an announcement does not say in which. Beside the rows, in the same
transaction; `rebuild` makes all of it anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, F, Field, FloatField, Func

from announcements.kernel import text
from announcements.publishing import models

LONGEST_QUERY, MOST_TERMS, LONGEST_WORD = 400, 16, 80
# PostgreSQL holds a megabyte of words for a row; nobody misses what a text of a hundred pages says last.
MOST_WORDS, MOST_LETTERS = 40_000, 240_000
WEIGHTS = (8, 4, 1)  # of a word in the title, the summary, the body
# Letters that are one sign to those who write them, and two to those who only search.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
# Scripts without spaces: each sign is a word, and what was typed is a phrase of them.
_SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SIGNS}]|[^\W_{_SIGNS}]+")
_TERM = re.compile(r'"([^"]*)("?)|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow one another; `open`, the last of them may go on."""

    words: tuple[str, ...]
    open: bool = False


def fold(word: str) -> str:
    """Return a word as it is compared: no case, no accents, no compatibility forms."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    plain = unicodedata.normalize("NFKD", word).casefold().translate(_PLAIN)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalnum())[:LONGEST_WORD]


def each(source: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each word of a text (NFC) begins and ends, and the word as it is compared."""
    for found in _WORD.finditer(source):
        if word := fold(found[0]):
            yield found.start(), found.end(), word


def _folded(source: str) -> str:
    return " ".join(word for _start, _end, word in each(unicodedata.normalize("NFC", source)))


def terms(query: str) -> tuple[Term, ...]:
    """Return what a query asks for: all of its words, phrases in quotes, and the last word as far as it is typed."""
    asked = unicodedata.normalize("NFC", query[:LONGEST_QUERY])
    found: list[Term] = []
    for part in _TERM.finditer(asked):
        words = tuple(word for _start, _end, word in each(part[1] or part[3] or ""))
        if words:
            found.append(Term(words, open=part.end() == len(asked) and not part[2]))
    return tuple(found[:MOST_TERMS])


# -- keeping in step -----------------------------------------------------------------------------------------------------


def keep(row: models.Announcement) -> None:
    """Index what an announcement says now; of a withdrawn one what its readers keep: title and reason."""
    forget([row.pk])
    _words(row).save(force_insert=True)


def forget(ids: Collection[int]) -> None:
    """Drop what these said."""
    models.Words.objects.filter(pk__in=ids).delete()


@transaction.atomic
def rebuild(*, batch: int = 500) -> int:
    """Index everything anew, as after a restore; return how many announcements that were."""
    models.Words.objects.all().delete()
    many, waiting = 0, list[models.Words]()
    for row in models.Announcement.objects.order_by("id").iterator(batch):
        waiting.append(_words(row))
        many += 1
        if len(waiting) == batch:
            models.Words.objects.bulk_create(waiting)
            waiting = []
    models.Words.objects.bulk_create(waiting)
    return many


def _words(row: models.Announcement) -> models.Words:
    return models.Words(pk=row.pk, **said(row))


def said(row: Any) -> dict[str, str]:
    """Return what a row of Announcement says, as its Words have it."""
    summary, body = (row.withdraw_reason, "") if row.withdrawn_at else (row.summary, text.to_plain(row.body))
    words = _folded(body[:MOST_LETTERS]).split(" ")[:MOST_WORDS]
    return {"title": _folded(row.title), "summary": _folded(summary), "body": " ".join(words)}


# -- asking --------------------------------------------------------------------------------------------------------------


class Matches(Func):
    """Whether a row of Words has all terms. For `filter`."""

    output_field: Field[Any, Any] = BooleanField()

    def __init__(self, asked: tuple[Term, ...], **extra: Any) -> None:
        super().__init__(F("pk"), **extra)
        self.asked = asked

    def as_sqlite(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Ask FTS5: every word in quotes, so that nothing of its language is meant."""
        return f'{_alias(self, compiler)}."publishing_words" MATCH %s', [_fts5(self.asked)]

    def as_postgresql(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Ask the vector."""
        return f"{_alias(self, compiler)}.\"vector\" @@ to_tsquery('simple', %s)", [_tsquery(self.asked)]


class Matched(Matches):
    """That a row of Words is known to have all terms. SQLite ranks only what the same query matches; PostgreSQL need not look again."""

    def as_postgresql(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Take it as known: each look unpacks the vector."""
        return "TRUE", []


class Rank(Matches):
    """How well a row of Words that matches does so. For `annotate`; the higher the better."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Turn FTS5's BM25 around: there the best is the least."""
        return f'-bm25({_alias(self, compiler)}."publishing_words", {", ".join(map(str, WEIGHTS))})', []

    def as_postgresql(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Weigh words by where they stand; longer texts count a little less."""
        a, b, c = (weight / WEIGHTS[0] for weight in WEIGHTS)
        weights = f"'{{0, {c}, {b}, {a}}}'::real[]"
        return f"ts_rank({weights}, {_alias(self, compiler)}.\"vector\", to_tsquery('simple', %s), 1)", [
            _tsquery(self.asked)
        ]


def _alias(asking: Func, compiler: Any) -> str:
    return str(compiler.quote_name_unless_alias(asking.get_source_expressions()[0].alias))


def _fts5(asked: tuple[Term, ...]) -> str:
    return " AND ".join(f'"{" ".join(term.words)}"{" *" if term.open else ""}' for term in asked)


def _tsquery(asked: tuple[Term, ...]) -> str:
    return " & ".join("(" + " <-> ".join(term.words) + (":*" if term.open else "") + ")" for term in asked)
