"""Finding: announcements, people and links by words; and the archive of all that I may read."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, after, before_time, pack, page
from announcements.api.shapes import MAX_ID, Given, asked
from announcements.api.v1.pictures import Picture
from announcements.api.v1.resource import Resource
from announcements.api.v1.workspace import LinkOut
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing

LONGEST, FEW, FURTHEST = 400, 5, 400


class SpanOut(serializers.Serializer[Any]):
    """A piece of text."""

    text = serializers.CharField(trim_whitespace=False)
    hit = serializers.BooleanField(help_text="Whether it is what was searched for.")


class FoundOut(serializers.Serializer[Any]):
    """An announcement that I may read."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(get_args(publishing.State))
    kind = serializers.ChoiceField(get_args(publishing.Kind))
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True, help_text="Of a withdrawn one the reason.")
    author_id = serializers.IntegerField()
    author_name = serializers.CharField()
    published_at = serializers.DateTimeField()
    arrived_at = serializers.DateTimeField(
        help_text="When it was published; for what goes out on each reader's clock, when it reached me."
    )
    minutes = serializers.IntegerField()


class HitOut(FoundOut):
    """An announcement that was found, and where."""

    title_spans = SpanOut(many=True)
    excerpt = SpanOut(many=True, help_text="Around the first hit, where there is one outside of the title.")


class PersonHitOut(serializers.Serializer[Any]):
    """A colleague who was found."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    picture = Picture()


class SearchOut(serializers.Serializer[Any]):
    """What was found. People and links come with the first page; to a token only where it has people:read."""

    announcements = HitOut(many=True)
    next = serializers.CharField(allow_null=True)
    people = PersonHitOut(many=True, help_text="At most five.")
    links = LinkOut(many=True, help_text="Of those that the workspace shares.")


class TabHitOut(serializers.Serializer[Any]):
    """An announcement that was found."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    author_name = serializers.CharField()


class TabPersonOut(serializers.Serializer[Any]):
    """A colleague who was found."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    title = serializers.CharField(allow_blank=True)


class TabSearchOut(serializers.Serializer[Any]):
    """What was found; at most five of each. Links are in what stands around the feed."""

    announcements = TabHitOut(many=True)
    people = TabPersonOut(many=True)


class TabSearchQuery(Given):
    """What to look for."""

    q = serializers.CharField(max_length=LONGEST, trim_whitespace=False, help_text="As in a search.")


class SearchQuery(PageQuery):
    """What to look for."""

    q = serializers.CharField(
        max_length=LONGEST, required=False, default="", allow_blank=True, trim_whitespace=False,
        help_text="All of these words; a phrase in quotes; the last word may be unfinished.",
    )  # fmt: skip


class ArchiveQuery(PageQuery):
    """Which part of the archive."""

    author_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    group_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False, help_text="Published to it.")
    kind = serializers.ChoiceField(get_args(publishing.Kind), required=False)


class AuthorOut(serializers.Serializer[Any]):
    """Somebody who wrote something that I may read."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ArchiveOut(serializers.Serializer[Any]):
    """What I may read, newest first; with the first page also who wrote it."""

    results = FoundOut(many=True)
    next = serializers.CharField(allow_null=True)
    authors = AuthorOut(many=True)


class _Finding(Resource):
    """What both answer."""

    def _shown(self, items: list[publishing.Announcement]) -> list[dict[str, Any]]:
        authors = people.get_many(ids={item.author_id for item in items})
        on_own_clock = [item.id for item in items if item.own_clock]
        arrived = delivery.arrivals(by=self.by, announcement_ids=on_own_clock) if on_own_clock else {}
        return [
            _found(item, authors, self.now) | {"arrived_at": arrived.get(item.id, item.published_at)} for item in items
        ]


class Search(_Finding):
    """Searching."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(
        operation_id="search",
        summary="Search announcements, people and links",
        tags=["reading"],
        parameters=[SearchQuery],
        responses=SearchOut,
    )
    def get(self, request: Request) -> Response:
        """Answer what of all that I may read has these words, the best first. What I may not read is not counted either."""
        query = asked(SearchQuery, request)
        skip, limit = _skipped(query.get("cursor")), query["limit"]
        found = delivery.search(by=self.by, query=query["q"], skip=skip, limit=limit + 1, now=self.now)
        shown = self._shown([hit.announcement for hit in found[:limit]])
        hits = [
            one | {"title_spans": hit.title, "excerpt": hit.excerpt}
            for one, hit in zip(shown, found[:limit], strict=True)
        ]
        further = pack(skip + limit, 0) if len(found) > limit else None
        return Response(SearchOut({"announcements": hits, "next": further} | self._beside(query["q"], skip)).data)

    def _beside(self, query: str, skip: int) -> dict[str, Any]:
        """Return people and links: on the first page, as far as the key may see them."""
        words = query.split()
        scopes: Any = self.request.auth  # of a token; None for a session
        if skip or not words or (scopes is not None and "people:read" not in scopes):
            return {"people": [], "links": []}
        workspace = people.workspace(workspace_id=self.request.user.workspace_id)  # type: ignore[union-attr]  # a Caller
        links = [link for link in workspace.links if _has_all(link.label, words)]
        return {"people": _colleagues(self.by, " ".join(words), self.now), "links": links}


class TabSearch(_Finding):
    """Searching from a new tab, whose key reads a feed and no more."""

    scopes = {"GET": "feed:read"}

    @extend_schema(
        operation_id="tab_search",
        summary="Search announcements and people from a new tab",
        tags=["feed"],
        parameters=[TabSearchQuery],
        responses=TabSearchOut,
    )
    def get(self, request: Request) -> Response:
        """Answer the best few of all that I may read, and colleagues by name and title: what leads there, and nothing else of them."""
        query = asked(TabSearchQuery, request)["q"]
        found = delivery.search(by=self.by, query=query, skip=0, limit=FEW, now=self.now)
        colleagues = _colleagues(self.by, query, self.now) if query.split() else []
        shown = self._shown([hit.announcement for hit in found])
        return Response(TabSearchOut({"announcements": shown, "people": colleagues}).data)


class Archive(_Finding):
    """All that I may read."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(
        operation_id="archive",
        summary="All announcements that I may read",
        tags=["reading"],
        parameters=[ArchiveQuery],
        responses=ArchiveOut,
    )
    def get(self, request: Request) -> Response:
        """Answer a page of them, newest first: also what has expired, and what was withdrawn after it had reached me."""
        query = asked(ArchiveQuery, request)
        chosen = {name: query.get(name) for name in ("author_id", "group_id", "kind")}
        found = delivery.archive(
            by=self.by,
            narrowed=publishing.Narrowed(**chosen),
            before=before_time(query.get("cursor")),
            limit=query["limit"] + 1,
            now=self.now,
        )
        results, following = page(found, query["limit"], lambda item: (item.published_at or item.created_at, item.id))
        wrote = [] if query.get("cursor") else delivery.archive_authors(by=self.by, now=self.now)
        authors = people.get_many(ids=wrote)
        listed = sorted(
            (authors[id] for id in wrote if id in authors), key=lambda author: (author.name.casefold(), author.id)
        )
        return Response(ArchiveOut({"results": self._shown(results), "next": following, "authors": listed}).data)


def _skipped(cursor: str | None) -> int:
    return 0 if cursor is None else int(after(cursor, _count)[0])


def _count(mark: Any) -> int:
    if type(mark) is not int or not 0 < mark <= FURTHEST:
        raise ValueError(mark)
    return mark


def _found(item: publishing.Announcement, authors: dict[int, people.Person], now: datetime) -> dict[str, Any]:
    return {
        "id": item.id,
        "state": item.state(now),
        "kind": item.kind,
        "title": item.title,
        "summary": item.withdraw_reason if item.withdrawn_at else item.summary,
        "author_id": item.author_id,
        "author_name": author.name if (author := authors.get(item.author_id)) else "",
        "published_at": item.published_at,
        "minutes": item.minutes,
    }


def _colleagues(by: int, words: str, now: datetime) -> list[people.Person]:
    """Return a few who are there now, by name."""
    wanted = people.Wanted(search=words, state="active")
    return [one.person for one in people.listing(by=by, wanted=wanted, limit=FEW, now=now).people]


def _has_all(label: str, words: list[str]) -> bool:
    said = _plain(label)
    return all(_plain(word) in said for word in words)


def _plain(source: str) -> str:
    return unicodedata.normalize("NFKC", source).casefold()
