"""Searching, and the archive: for a reader, within what they may read; for an author, within what they list."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from announcements.kernel import text
from announcements.kernel.ids import NONE, AmongThem, Ids
from announcements.people import services as people
from announcements.publishing import _words, models
from announcements.publishing._audiences import as_audience
from announcements.publishing._values import Announcement, Kind, as_announcement, as_own_clock

# Only the newest that match are put in order by how well they do: a common word costs no more than a rare one.
CANDIDATES = 400
EXCERPT, BEFORE = 200, 60
ZONES_APART = timedelta(days=3)  # more than what is published now can still be on its way on anybody's clock


@dataclass(frozen=True, slots=True)
class Readership:
    """What of a workspace a person may read: what reached them, what they joined later, what they manage.

    `meant` and `managed` are audiences, by the keys under which `audiences` returns them; `all` is an admin's.
    """

    workspace_id: int
    person_id: int
    timezone: str
    all: bool = False
    reached: Ids = NONE
    coming: Ids = NONE
    meant: frozenset[str] = frozenset()
    managed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which part of an archive; None is all."""

    author_id: int | None = None
    group_id: int | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text; a hit is what was searched for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """An announcement that was found, and where."""

    announcement: Announcement
    title: tuple[Span, ...]
    excerpt: tuple[Span, ...]


def address(row: models.Announcement) -> str:
    """Note the audience of what goes out under a key, and return it. Many announcements share few audiences."""
    said = json.dumps(row.audience, sort_keys=True)
    key = hashlib.blake2b(said.encode(), digest_size=12).hexdigest()
    models.Addressed.objects.get_or_create(workspace_id=row.workspace_id, key=key, defaults={"audience": row.audience})
    return key


def audiences(*, workspace_id: int) -> dict[str, people.Audience]:
    """Return each audience that something of a workspace was published to, by key."""
    rows = models.Addressed.objects.filter(workspace_id=workspace_id).values_list("key", "audience")
    return {key: as_audience(audience) for key, audience in rows}


def managed(person: people.Person, now: datetime) -> list[str]:
    """Return the keys of the audiences of which a person manages a group now."""
    found = audiences(workspace_id=person.workspace_id)
    groups = {id for audience in found.values() for id in audience.group_ids}
    theirs = people.manages(person_id=person.id, group_ids=groups, at=now)
    return [key for key, audience in found.items() if not theirs.isdisjoint(audience.group_ids)]


def search(*, query: str, within: Readership, skip: int = 0, limit: int = 20, now: datetime) -> list[Hit]:
    """Return what a person may read and has all words of a query, the best first; nothing for a query without words.

    Quotes make a phrase; the last word may be unfinished. Among more than 400 the newest 400 are looked at.
    """
    asked = _words.terms(query)
    if not asked:
        return []
    newest = _readable(within, now).filter(_found(asked)).order_by("-published_at", "-id")
    candidates = Ids(",".join(map(str, newest.values_list("pk", flat=True)[:CANDIDATES])))
    ids = list(ranked(asked, candidates).values_list("pk", flat=True)[skip : skip + limit])
    rows = models.Announcement.objects.in_bulk(ids)
    return [_hit(as_announcement(rows[id]), asked) for id in ids if id in rows]


def _found(asked: tuple[_words.Term, ...]) -> Q:
    """Return what keeps all that match; few by their ids, so that a database that guesses wrong does not look through everything.

    Where nothing matches the same is asked: how long it takes must not tell whether what one may not read has the word.
    """
    few = list(matching(asked)[: CANDIDATES + 1]) or [0]
    return Q(pk__in=few if len(few) <= CANDIDATES else matching(asked))


def ranked(asked: tuple[_words.Term, ...], candidates: Ids) -> QuerySet[models.Words]:
    """Return the candidates, which have all terms, the best first."""
    found = models.Words.objects.filter(_words.Matched(asked), AmongThem(candidates))
    return found.annotate(rank=_words.Rank(asked)).order_by("-rank", "-pk")


def matching(asked: tuple[_words.Term, ...]) -> QuerySet[models.Words, int]:
    """Return the ids of what has all terms, as a query."""
    return models.Words.objects.filter(_words.Matches(asked)).values_list("pk", flat=True)


def archive(
    *, within: Readership, narrowed: Narrowed | None = None, before: tuple[datetime, int] | None = None, limit: int = 50,
    now: datetime,
) -> list[Announcement]:  # fmt: skip
    """Return what a person may read, newest first, before the cursor (published_at, id)."""
    rows, narrowed = _readable(within, now), narrowed or Narrowed()
    if narrowed.author_id:
        rows = rows.filter(author_id=narrowed.author_id)
    if narrowed.kind:
        rows = rows.filter(kind=narrowed.kind)
    if narrowed.group_id:
        to_it = [
            k for k, one in audiences(workspace_id=within.workspace_id).items() if narrowed.group_id in one.group_ids
        ]
        rows = rows.filter(addressed__in=to_it)
    if before:
        rows = rows.filter(Q(published_at__lt=before[0]) | Q(published_at=before[0], pk__lt=before[1]))
    return [as_announcement(row) for row in rows.order_by("-published_at", "-id")[:limit]]


def archive_authors(*, within: Readership, now: datetime) -> list[int]:
    """Return the ids of who wrote what a person may read."""
    return list(_readable(within, now).order_by("author_id").values_list("author_id", flat=True).distinct())


def readable(*, ids: Collection[int], within: Readership, now: datetime) -> dict[int, Announcement]:
    """Return those of these announcements that a person may read; the others are left out."""
    return {row.pk: as_announcement(row) for row in _readable(within, now).filter(pk__in=ids)}


def _readable(within: Readership, now: datetime) -> models.AnnouncementQuerySet:
    """Keep what the reader's page would show; the same rule as there, for many at once."""
    out: models.AnnouncementQuerySet = models.Announcement.objects.kept().filter(
        workspace_id=within.workspace_id, published_at__isnull=False
    )
    if within.all:
        return out
    later = Q(addressed__in=within.meant, withdrawn_at=None)
    for ids in (within.coming, _not_there_yet(within, now)):
        if ids:
            later &= ~Q(AmongThem(ids))
    mine = Q(author_id=within.person_id) | Q(addressed__in=within.managed)
    return out.filter(mine | Q(AmongThem(within.reached)) | later)


def _not_there_yet(within: Readership, now: datetime) -> Ids:
    lately = models.Announcement.objects.filter(workspace_id=within.workspace_id, published_at__gt=now - ZONES_APART)
    own = lately.filter(clock_day__isnull=False).only("clock_day", "clock_time")
    clocks = ((row.pk, as_own_clock(row)) for row in own)
    return Ids(",".join(str(id) for id, clock in clocks if clock and clock.instant(within.timezone) > now))


# -- excerpts ------------------------------------------------------------------------------------------------------------


def _hit(item: Announcement, asked: Sequence[_words.Term]) -> Hit:
    title = unicodedata.normalize("NFC", item.title)
    return Hit(item, spans(title, marks(title, asked)), _excerpt(item, asked))


def _excerpt(item: Announcement, asked: Sequence[_words.Term]) -> tuple[Span, ...]:
    """Return a piece of the summary where that has a hit, else of the body, else how it begins."""
    first = unicodedata.normalize("NFC", item.withdraw_reason if item.withdrawn_at else item.summary)
    if (hits := marks(first, asked)) or item.withdrawn_at:
        return _cut(first, hits)
    body = unicodedata.normalize("NFC", " ".join(text.to_plain(item.body).split()))
    hits = marks(body, asked)
    return _cut(body if hits or not first else first, hits)


def marks(source: str, asked: Sequence[_words.Term]) -> list[tuple[int, int]]:
    """Return where a text (NFC) has what is asked for, in order."""
    there = list(_words.each(source))
    words = [word for _start, _end, word in there]
    found = set[int]()
    for term in asked:
        size = len(term.words)
        for place in _ends(term, words):
            if tuple(words[place - size + 1 : place]) == term.words[:-1]:
                found.update(range(place - size + 1, place + 1))
    return [there[place][:2] for place in sorted(found)]


def _ends(term: _words.Term, words: Sequence[str]) -> list[int]:
    """Return where the last word of a term is, with room for those before it."""
    last, first = term.words[-1], len(term.words) - 1
    if term.open:
        return [place for place in range(first, len(words)) if words[place].startswith(last)]
    return [place for place in range(first, len(words)) if words[place] == last]


def spans(source: str, hits: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """Return a text in pieces, those at `hits` marked."""
    pieces, here = list[Span](), 0
    for start, end in hits:
        pieces += [Span(source[here:start], hit=False), Span(source[start:end], hit=True)]
        here = end
    return tuple(piece for piece in [*pieces, Span(source[here:], hit=False)] if piece.text)


def _cut(source: str, hits: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """Return the pieces of about 200 letters around the first hit, cut between words."""
    start = max(0, hits[0][0] - BEFORE) if hits else 0
    if start:
        start = source.find(" ", start, hits[0][0]) + 1 or start
    end = min(len(source), start + EXCERPT)
    if end < len(source):
        end = max(source.rfind(" ", start, end), hits[0][1] if hits else start + 1)
    inside = [(max(a, start) - start, b - start) for a, b in hits if b <= end]
    shown = spans(source[start:end], inside)
    before, after = (Span("… ", hit=False),) if start else (), (Span(" …", hit=False),) if end < len(source) else ()
    return (*before, *shown, *after)
