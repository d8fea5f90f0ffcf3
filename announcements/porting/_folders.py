"""What lies in an export: a folder for each announcement, for people as Markdown and for programs as JSON."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

from django.utils.text import slugify

from announcements.kernel import errors, text
from announcements.media import services as media
from announcements.people import services as people
from announcements.publishing import services as publishing

FORMAT = "mantel-announcements"
LARGEST = max(media.SIZES)
# What JSON says of an announcement in other words, or not at all: ids mean nothing elsewhere.
LEFT_OUT = {
    "id",
    "workspace_id",
    "author_id",
    "audience",
    "revision",
    "words",
    "minutes",
    "own_clock",
    "refused",
    "updated_by",
    "planned",
}
README = """\
All announcements of {name}, {at:%Y-%m-%d}.

announcements/<date>-<title>/
  index.md           to read: what it says, with its dates, author and audience on top. Markdown leaves out what it cannot say.
  announcement.json  everything, exactly: every version with its HTML, all times in UTC, people by address, groups by name.
  images/            the pictures of all versions, in the largest size that is kept, as WebP.
index.json           the list of these folders, and the number of the format.

A picture stands in the HTML as /api/v1/images/<name>/file; its file is images/<name>.webp beside it.
"""


class Folders:
    """Writes announcements into a zip. Names are looked up once and kept for the whole of it."""

    def __init__(self, archive: zipfile.ZipFile, workspace_id: int) -> None:
        self._archive = archive
        self._workspace_id = workspace_id
        self._groups = people.group_names(workspace_id=workspace_id)
        self._persons: dict[int, people.Person] = {}
        self._names: dict[str, None] = {}  # in order, and quickly looked up

    def add(self, whole: publishing.Whole, key: str) -> None:
        """Write the folder of an announcement, which is known elsewhere by this key."""
        self._meet(whole)
        name = self._name(whole.announcement)
        pictures = self._pictures(name, whole)
        self._write(f"{name}/announcement.json", _json(self._exactly(whole, key, pictures)))
        self._write(f"{name}/index.md", self._markdown(whole.announcement, pictures))

    def finish(self, now: datetime) -> None:
        """Write what says what is what."""
        company = people.workspace(workspace_id=self._workspace_id).name
        index = {
            "format": FORMAT,
            "version": 1,
            "workspace": company,
            "exported_at": now,
            "announcements": list(self._names),
        }
        self._write("index.json", _json(index))
        self._write("README.txt", README.format(name=company, at=now))

    def _write(self, name: str, content: str) -> None:
        self._archive.writestr(name, content)

    def _meet(self, whole: publishing.Whole) -> None:
        said = whole.announcement
        named = {said.author_id, said.updated_by, *said.audience.person_ids, *said.audience.except_.person_ids}
        named |= {version.by for version in whole.versions}
        self._persons |= people.get_many(ids=named - set(self._persons))

    def _name(self, said: publishing.Announcement) -> str:
        at = said.published_at or said.created_at
        wanted = f"announcements/{at:%Y-%m-%d}-{slugify(said.title)[:60].strip('-') or 'untitled'}"
        name, number = wanted, 1
        while name in self._names:
            number += 1
            name = f"{wanted}-{number}"
        self._names[name] = None
        return name

    def _pictures(self, folder: str, whole: publishing.Whole) -> list[dict[str, Any]]:
        """Write the pictures of all versions; return those that are there. One that failed or is lost has no file."""
        bodies = [whole.announcement.body, *(version.body for version in whole.versions)]
        keys = sorted(set[str]().union(*map(text.image_keys, bodies)))
        images = media.get_many(keys=keys)
        found = []
        for key in keys:
            file = f"images/{key}.webp"
            try:
                content = media.read(key=key, width=LARGEST).content
            except errors.NotFound:
                continue
            self._archive.writestr(f"{folder}/{file}", content, zipfile.ZIP_STORED)
            found.append({"name": key, "file": file, "width": images[key].width, "height": images[key].height})
        return found

    def _exactly(self, whole: publishing.Whole, key: str, pictures: list[dict[str, Any]]) -> dict[str, Any]:
        said = whole.announcement
        known = {one.name: getattr(said, one.name) for one in fields(said) if one.name not in LEFT_OUT}
        return {
            "key": key,
            **known,
            "author": self._who(said.author_id),
            "updated_by": self._who(said.updated_by),
            "audience": self._audience(said.audience),
            "own_clock": _clock(said.own_clock),
            "planned": {"at": said.planned.at, "own_clock": _clock(said.planned.own_clock)} if said.planned else None,
            "versions": [
                {
                    "number": one.number, "title": one.title, "summary": one.summary, "body": one.body,
                    "change": one.change, "by": self._who(one.by), "at": one.at,
                }
                for one in whole.versions
            ],
            "images": pictures,
        }  # fmt: skip

    def _who(self, person_id: int) -> dict[str, str]:
        person = self._persons.get(person_id)
        return {"email": person.email, "name": person.name} if person else {"email": "", "name": ""}

    def _audience(self, audience: people.Audience) -> dict[str, Any]:
        return {"everyone": audience.everyone, **self._chosen(audience), "except": self._chosen(audience.except_)}

    def _chosen(self, chosen: people.Audience | people.Except) -> dict[str, Any]:
        return {
            "groups": _known(self._groups.get(group_id) for group_id in chosen.group_ids),
            "people": _known(self._who(person_id)["email"] for person_id in chosen.person_ids),
            "attributes": [{"field": one.field, "value": one.value} for one in chosen.attributes],
        }

    def _markdown(self, said: publishing.Announcement, pictures: list[dict[str, Any]]) -> str:
        words = people.audiences_in_words(workspace_id=self._workspace_id, audiences=[said.audience], whole=True)[0]
        matter = {
            "title": said.title,
            "summary": said.summary,
            "kind": said.kind,
            "author": self._who(said.author_id)["email"],
            "audience": words,
            "ask_acknowledge": said.ask_acknowledge,
            "deadline": said.deadline,
            "created": said.created_at,
            "published": said.published_at,
            "expires": said.expires_at,
            "withdrawn": said.withdrawn_at,
            "version": said.version,
        }
        import yaml  # only who takes announcements along needs it, and it takes long to load

        head = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=1000)
        body = text.near_markdown(said.body)
        for picture in pictures:
            body = body.replace(text.image_address(picture["name"]), picture["file"])
        return f"---\n{head}---\n\n{body}\n"


def _clock(clock: publishing.OwnClock | None) -> dict[str, Any] | None:
    return {"day": clock.day, "time": clock.time} if clock else None


def _known(names: Iterable[str | None]) -> list[str]:
    return [name for name in names if name]


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in JSON")
