"""From what a source says to an announcement of this company: its people by address, its groups by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, get_args

from django.utils.translation import gettext as _

from announcements.kernel import text
from announcements.people import services as people
from announcements.porting._archives import Broken
from announcements.porting._items import cut
from announcements.publishing import services as publishing

MOST_VERSIONS = 1000
CHANGES: dict[str, publishing.Change] = {"first": "first", "typo": "typo", "material": "material"}
EVERYONE = people.Audience(everyone=True)


@dataclass(frozen=True, slots=True)
class Company:
    """Who and what is here: people by address, groups by name as it is compared."""

    me: people.Person
    persons: Mapping[str, people.Person]
    groups: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """An announcement as it would stand here, what of it does not, and the groups that have to be created first, by name."""

    whole: publishing.Whole
    notes: tuple[str, ...]
    creates: tuple[str, ...]


def company(*, by: int, emails: Collection[str], now: datetime) -> Company:
    """Return who and what of a list of addresses, and of all groups, is here."""
    me = people.acting_admin(by=by)
    closed = people.group_names(workspace_id=me.workspace_id)
    groups = {people.tidy_name(name=name): id for id, name in closed.items()}
    groups |= {people.tidy_name(name=group.name): group.id for group in people.groups(by=by, at=now)}
    return Company(me, people.get_by_email(emails=emails, workspace_id=me.workspace_id), groups)


def emails(said: Mapping[str, Any]) -> set[str]:
    """Return the addresses that something names; whatever is broken in it is said by `place`."""
    audience = _mapping(said, "audience")
    both = (audience, _mapping(audience, "except"))
    named = [one for part in both for one in _list(part, "people") if isinstance(one, str)]
    wrote = [
        said.get("author"),
        said.get("updated_by"),
        *(one.get("by") for one in _list(said, "versions") if isinstance(one, dict)),
    ]
    addresses = [one.get("email") for one in wrote if isinstance(one, dict)]
    return {_address(one) for one in [*named, *addresses] if isinstance(one, str) and one}


def _address(said: str) -> str:
    return text.one_line(said)[:254].lower()


def place(said: Mapping[str, Any], here: Company, otherwise: people.Audience) -> Placed:
    """Return an announcement as it would stand here, for `otherwise` where it does not say whom it is for; raise Broken."""
    notes: dict[str, None] = {}
    author = _who(_mapping(said, "author"), here, notes)
    audience, creates = _audience(said, here, otherwise, notes)
    published_at = _time(said, "published_at")
    created_at = _time(said, "created_at") or published_at or _time(said, "updated_at")
    if created_at is None:
        raise Broken(_("It does not say when it was written."))
    versions = _versions(said, here, notes)
    if published_at is None and said.get("scheduled_for"):
        notes[_("It was scheduled. Here it is a draft, with that time chosen.")] = None
    announcement = publishing.Announcement(
        id=0, workspace_id=here.me.workspace_id, author_id=author, kind=_text(said, "kind") or "update",  # type: ignore[arg-type]  # checked on its way in
        title=_text(said, "title"), summary=_text(said, "summary"), body=_body(said), audience=audience,
        ask_acknowledge=said.get("ask_acknowledge") is True, deadline=_time(said, "deadline"),
        nudge_hours=_hours(said), expires_at=_time(said, "expires_at"), version=len(versions), revision=1,
        created_at=created_at, updated_at=_time(said, "updated_at") or created_at,
        updated_by=_who(_mapping(said, "updated_by"), here, {}) if said.get("updated_by") else author, planned=None if published_at else _planned(said), scheduled_for=None,
        own_clock=_own_clock(said), refused={}, published_at=published_at,
        pin=published_at is None and said.get("pin") is True, pinned_at=_time(said, "pinned_at"),
        withdrawn_at=_time(said, "withdrawn_at"), withdraw_reason=_text(said, "withdraw_reason"),
    )  # fmt: skip
    if published_at and "versions" not in said:
        versions = (_first(announcement, published_at),)
    return Placed(publishing.Whole(announcement, versions), tuple(notes), creates)


def _first(said: publishing.Announcement, at: datetime) -> publishing.Version:
    return publishing.Version(0, 1, said.title, said.summary, said.body, "first", said.author_id, at)


def _versions(said: Mapping[str, Any], here: Company, notes: dict[str, None]) -> tuple[publishing.Version, ...]:
    listed = _list(said, "versions")
    if len(listed) > MOST_VERSIONS:
        raise Broken(_("It has more than %(most)d versions.") % {"most": MOST_VERSIONS})
    return tuple(_version(one, here, notes) for one in listed)


def _version(said: Any, here: Company, notes: dict[str, None]) -> publishing.Version:
    if not isinstance(said, dict):
        raise _wrong("versions")
    number, at, change = said.get("number"), _time(said, "at"), CHANGES.get(_text(said, "change"))
    if type(number) is not int or at is None or change is None:
        raise _wrong("versions")
    words = {name: _text(said, name) for name in ("title", "summary")}
    by = _who(_mapping(said, "by"), here, notes)
    return publishing.Version(announcement_id=0, number=number, body=_body(said), change=change, by=by, at=at, **words)


def _who(said: Mapping[str, Any], here: Company, notes: dict[str, None]) -> int:
    """Return who wrote something, or who brings it in when they are not here."""
    email, name = _text(said, "email"), _text(said, "name")
    if person := here.persons.get(_address(email)):
        return person.id
    if who := cut(name or email, 80):
        notes[_("%(who)s, who wrote it, is not here. It stands under your name.") % {"who": who}] = None
    return here.me.id


# -- whom it is for ------------------------------------------------------------------------------------------------------


def _audience(
    said: Mapping[str, Any], here: Company, otherwise: people.Audience, notes: dict[str, None]
) -> tuple[people.Audience, tuple[str, ...]]:
    if said.get("audience") is None:
        return otherwise, ()
    if not isinstance(said["audience"], dict):
        raise _wrong("audience")
    told = _mapping(said, "audience")
    creates: dict[str, None] = {}
    chosen = _chosen(told, here, notes, creates)
    # Who is not here need not be left out.
    left_out = people.Except(**_chosen(_mapping(told, "except"), here, {}, creates))
    audience = people.Audience(everyone=told.get("everyone") is True, **chosen, except_=left_out)
    named = any(_list(told, name) for name in ("groups", "people", "attributes"))
    if named and not creates and not audience.everyone and not any(chosen.values()):
        notes[_("Nobody whom it was for is here. Only its author and admins will see it.")] = None
    return audience, tuple(creates)


def _chosen(told: Mapping[str, Any], here: Company, notes: dict[str, None], creates: dict[str, None]) -> dict[str, Any]:
    groups, persons = list[int](), list[int]()
    for name in _texts(told, "groups"):
        if (id := here.groups.get(people.tidy_name(name=name))) is not None:
            groups.append(id)
        elif told.get("only_known"):
            notes[_("It was for “%(who)s”, which is no group here.") % {"who": cut(name, 80)}] = None
        else:
            creates[name] = None
    for email in _texts(told, "people"):
        if person := here.persons.get(_address(email)):
            persons.append(person.id)
        else:
            notes[_("It was for %(who)s too, who is not here.") % {"who": cut(email, 80)}] = None
    attributes = []
    for one in _list(told, "attributes"):
        if not isinstance(one, dict) or one.get("field") not in get_args(people.AttributeField):
            raise _wrong("audience")
        attributes.append(people.Attribute(one["field"], _text(one, "value")))
    return {"group_ids": tuple(groups), "person_ids": tuple(persons), "attributes": tuple(attributes)}


def joined(placed: Placed, created: Mapping[str, int], said: Mapping[str, Any]) -> publishing.Whole:
    """Return an announcement with the groups that were created for it in its audience."""
    told = _mapping(said, "audience")
    ids = {name: created[people.tidy_name(name=name)] for name in placed.creates}
    audience = placed.whole.announcement.audience
    more = tuple(ids[name] for name in _texts(told, "groups") if name in ids)
    less = tuple(ids[name] for name in _texts(_mapping(told, "except"), "groups") if name in ids)
    left_out = replace(audience.except_, group_ids=audience.except_.group_ids + less)
    audience = replace(audience, group_ids=audience.group_ids + more, except_=left_out)
    return replace(placed.whole, announcement=replace(placed.whole.announcement, audience=audience))


# -- what JSON holds -----------------------------------------------------------------------------------------------------


def _wrong(name: str) -> Broken:
    return Broken(_("“%(name)s” is not what an announcement has there.") % {"name": name})


def _mapping(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _list(said: Mapping[str, Any], name: str) -> list[Any]:
    found = said.get(name)
    return found if isinstance(found, list) else []


def _texts(said: Mapping[str, Any], name: str) -> list[str]:
    found = _list(said, name)
    if not all(isinstance(one, str) for one in found):
        raise _wrong(name)
    return [text.one_line(one) for one in found]


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if found is not None and not isinstance(found, str):
        raise _wrong(name)
    return found or ""


def _body(said: Mapping[str, Any]) -> str:
    body = _text(said, "body")
    if len(body) > text.MAX_BODY:
        raise Broken(_("It is longer than %(most)d letters.") % {"most": text.MAX_BODY})
    return body


def _time(said: Mapping[str, Any], name: str) -> datetime | None:
    told = _text(said, name)
    if not told:
        return None
    try:
        at = datetime.fromisoformat(told)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # said in one place, for both
    raise Broken(_("“%(name)s” is not a time such as 2024-05-31T09:00:00+00:00.") % {"name": name})


def _hours(said: Mapping[str, Any]) -> tuple[float, ...]:
    found = _list(said, "nudge_hours")
    if not all(type(one) in {int, float} for one in found):
        raise _wrong("nudge_hours")
    return tuple(float(one) for one in found)


def _planned(said: Mapping[str, Any]) -> publishing.When | None:
    # An older export says when it was scheduled, and nothing else.
    told = _mapping(said, "planned") if "planned" in said else {**said, "at": said.get("scheduled_for")}
    if clock := _own_clock(told):
        return publishing.When(own_clock=clock)
    at = _time(told, "at")
    return publishing.When(at=at) if at else None


def _own_clock(said: Mapping[str, Any]) -> publishing.OwnClock | None:
    told = _mapping(said, "own_clock")
    if not told:
        return None
    try:
        return publishing.OwnClock(date.fromisoformat(_text(told, "day")), time.fromisoformat(_text(told, "time")))
    except ValueError:
        raise _wrong("own_clock") from None
