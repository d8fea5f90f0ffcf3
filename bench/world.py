"""A company to measure with, made through the doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

SAMPLE = 200


@dataclass
class World:
    """What the loader needs to know. `feed_keys` has everybody's, in the order in which an announcement reaches them."""

    author_id: int
    feed_keys: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)


def seed(*, people: int, items: int, now: datetime, scopes: Sequence[str] = ("feed:read",)) -> World:
    """Make a company of that many people, announcements to all of them, and keys: of some people all kinds."""
    from announcements.delivery import services as delivery

    world = World(author_id=_found(people, now))
    _give_keys(world, scopes, now)
    for n in range(items):
        at = now + timedelta(seconds=n)
        delivery.fan_out(announcement_id=publish(world.author_id, f"Announcement {n}", at), now=at)
    return world


def _found(size: int, now: datetime) -> int:
    from django.db import transaction

    from announcements.people import services as people

    owner = people.NewPerson(email="owner@bench.example", name="Owner", password="a long bench password")
    by = people.found(name="Bench", owner=owner, now=now).id
    with transaction.atomic():
        for n in range(size - 1):
            person = people.invite(by=by, email=f"p{n}@bench.example", name=f"Person {n}", now=now)
            people.accept(person_id=person.id, password=None, now=now)
    return by


def _give_keys(world: World, scopes: Sequence[str], now: datetime) -> None:
    from announcements.api import auth, feed
    from announcements.people import services as people

    workspace_id = people.person(person_id=world.author_id).workspace_id
    ids = people.resolve(workspace_id=workspace_id, audience=people.Audience(everyone=True), at=now)
    known = people.get_many(ids=ids)
    world.feed_keys = [
        feed.issue(auth.Caller(id, workspace_id, known[id].epoch, known[id].key_round), datetime.now(UTC)).key
        for id in ids
    ]
    for person_id in ids[:: max(1, len(ids) // SAMPLE)]:
        issued = people.issue_token(by=person_id, name="bench", scopes=list(scopes), now=now)
        world.tokens.append(issued.key)
        world.sessions.append(_session(person_id))


def _session(person_id: int) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.cached_db import SessionStore

    person = get_user_model().objects.get(pk=person_id)
    store = SessionStore()
    store[SESSION_KEY] = str(person_id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def publish(by: int, title: str, at: datetime, *, ask: bool = False) -> int:
    """Publish to everyone, who may be asked to confirm; return its id."""
    from announcements.people import services as people
    from announcements.publishing import services as publishing

    audience = people.Audience(everyone=True)
    summary = "Two lines that say what this is about, so that most people need not open it."
    draft = publishing.Draft(
        title=title,
        summary=summary,
        body="<p>One paragraph.</p>" * 20,
        audience=audience,
        ask_acknowledge=ask,
        nudge_hours=(0.02,) if ask else (),
    )
    made = publishing.create(by=by, draft=draft, now=at)
    return publishing.publish(announcement_id=made.id, by=by, now=at).id
