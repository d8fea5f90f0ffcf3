"""Whose session a cookie names, without the database: what an open tab asks every few seconds.

The session is Django's, and so is the rule that it ends with the password it was made with. The person's side of that
rule is kept in the cache since their latest full check, until the password changes.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from announcements.api.auth import Caller

KEEP_SECONDS = 300


def remember(caller: Caller, request: HttpRequest) -> None:
    """Keep who this is, and what their sessions must match: what the session of `request` has just matched."""
    matched = request.session.get(HASH_SESSION_KEY)
    if matched is None:
        return  # an in-process caller that never signed in by a cookie
    known = ((caller.id, caller.workspace_id, caller.epoch), matched)
    with suppress(redis.RedisError):  # without Redis every check is a full one
        cache.set(_name(caller.id), known, KEEP_SECONDS)


def recall(request: HttpRequest) -> Caller | None:
    """Return whose session the cookie names; None when that takes a full check."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    session: Any = import_module(settings.SESSION_ENGINE).SessionStore(key)
    try:
        known = cache.get(_name(session.get(SESSION_KEY)))
    except redis.RedisError:
        return None
    if known is None:
        return None
    caller, expected = known
    return Caller(*caller) if constant_time_compare(session.get(HASH_SESSION_KEY, ""), expected) else None


def forget(person_id: int) -> None:
    """Check somebody's sessions in full at their next request."""
    cache.delete(_name(person_id))


def _name(person_id: object) -> str:
    return f"session:{person_id}"
