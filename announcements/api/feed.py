"""The feed, answered from prebuilt bytes: the one address every new tab asks, all day.

A feed key is signed, not stored: it carries person, workspace, epoch and round, so that reading it asks no database.
Raising a person's epoch or key round ends all of theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from announcements.api import auth, problems, sessions
from announcements.delivery import services as delivery
from announcements.kernel import errors

PATH = "/api/v1/feed"
PREFIX = "mfk_"
LIFE = timedelta(days=30)
_signer = signing.Signer(sep=".", salt="api.feed")


@dataclass(frozen=True, slots=True)
class FeedKey:
    """A new feed key."""

    key: str
    expires_at: datetime


def issue(caller: auth.Caller, now: datetime) -> FeedKey:
    """Return a key that reads this person's feed, and nothing else, for 30 days or as long as the key it is made with."""
    ends = min(filter(None, (now + LIFE, caller.key_ends_at)))
    parts = (caller.id, caller.workspace_id, caller.epoch, caller.key_round, int(ends.timestamp()))
    return FeedKey(PREFIX + _signer.sign("-".join(map(str, parts))), ends)


def holder(key: str, now: datetime) -> auth.Caller | None:
    """Return whose feed a key reads; None when it was tampered with or has expired."""
    try:
        whose = _signer.unsign(key.removeprefix(PREFIX))
        person_id, workspace_id, epoch, key_round, ends = map(int, whose.split("-"))
    except (signing.BadSignature, ValueError):  # ValueError: a key from before there were rounds
        return None
    return auth.Caller(person_id, workspace_id, epoch, key_round) if now.timestamp() < ends else None


def answer(request: HttpRequest, caller: auth.Caller) -> HttpResponse:
    """Return the caller's feed, or 304 when they have it already. Where there is little room (`late`), only what is kept.

    Raises Busy for what is not.
    """
    header = request.META.get("HTTP_IF_NONE_MATCH")
    page = delivery.feed_page(
        person_id=caller.id,
        workspace_id=caller.workspace_id,
        standing=delivery.Standing(caller.epoch, caller.key_round),
        now=timezone.now(),
        held=lambda etag: _has(header, _named(caller, etag)),
        only_kept=getattr(request, "late", False),
    )
    etag = _named(caller, page.etag)
    if _has(header, etag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(page.body, content_type="application/json")
        response["Content-Length"] = str(len(page.body))
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Authorization, Cookie, Origin"
    return response


def _named(caller: auth.Caller, etag: str) -> str:
    return f'"{caller.id}.{caller.epoch}.{etag}"'


def _has(header: str | None, etag: str) -> bool:
    """Compare weakly (RFC 9110, 13.1.2). What is not an entity tag is passed over: at worst the feed is sent again."""
    if not header:
        return False
    return header == etag or any(tag == "*" or tag.removeprefix("W/") == etag for tag in parse_etags(header))


class QuickFeed:
    """Middleware before all others: answers the feed to a feed key or a known session, without database or framework."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the feed; pass on anything else."""
        if request.path_info != PATH or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        try:
            response = _quick(request)
        except errors.Busy:
            response = None
        if response is None:
            # Who says that it is late says when to come again: to look at anything else would cost more than the refusal saves.
            return HttpResponse(status=503) if getattr(request, "late", False) else self.get_response(request)
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _quick(request: HttpRequest) -> HttpResponse | None:
    header = request.META.get("HTTP_AUTHORIZATION")
    if header is None:
        return _by_session(request)
    key = auth.bearer(header)
    return _by_key(request, key) if key and key.startswith(PREFIX) else None


def _by_session(request: HttpRequest) -> HttpResponse | None:
    caller = sessions.recall(request)
    try:
        return answer(request, caller) if caller else None
    except errors.NotFound:
        return None  # their standing has changed: the full check says how


def _by_key(request: HttpRequest, key: str) -> HttpResponse:
    caller = holder(key, timezone.now())
    try:
        if caller:
            return answer(request, caller)
    except errors.NotFound:
        pass  # its epoch or round is not theirs any more: the keys of that time have ended
    said = _("This feed key has ended or is not ours. Ask POST /api/v1/feed-keys for a new one.")
    return problems.plain(401, "feed_key_invalid", said, {"WWW-Authenticate": 'Bearer realm="Mantel"'})
