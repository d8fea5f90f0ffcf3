"""The announcements: written, published and fanned out at their time in the past."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from announcements.delivery import services as delivery
from announcements.kernel import text
from announcements.management.northwind import cast, drawing, texts
from announcements.management.northwind.hiring import Company
from announcements.media import services as media
from announcements.people import services as people
from announcements.publishing import services as publishing


@dataclass(frozen=True, slots=True)
class Posted:
    """An announcement of the demo, and the text it came from."""

    announcement: publishing.Announcement
    text: texts.Text


def oldest_first(written: texts.Text) -> tuple[int, str]:
    """Return what puts texts in the order in which they were published, drafts last."""
    return -int(written.head.get("sent", "0").split()[0]), written.head.get("sent", "")


def post(company: Company, written: texts.Text, *, now: datetime) -> Posted:
    """Write, publish and fan out one announcement; leave it a draft when it was never sent."""
    author = company.members[written.head["by"]]
    by, zone = company.ids[author.name], cast.ZONES[author.place]
    sent = written.days_and_clock("sent")
    if not sent:
        begun = now - timedelta(hours=26)
        return Posted(publishing.create(by=by, draft=_draft(company, written, begun.date()), now=begun), written)
    at = texts.instant(now.date(), -sent[0], sent[1], zone)
    draft = _draft(company, written, at.date(), _deadline(written, at, zone))
    draft = _illustrated(draft, by, at - timedelta(minutes=55))
    made = publishing.create(by=by, draft=draft, now=at - timedelta(minutes=50))
    announcement = publishing.publish(announcement_id=made.id, by=by, now=at)
    delivery.fan_out(announcement_id=made.id, now=at)
    return Posted(announcement, written)


def _deadline(written: texts.Text, at: datetime, zone: str) -> datetime | None:
    asked = written.days_and_clock("confirm")
    return texts.instant(at.date(), asked[0], asked[1], zone) if asked else None


def _draft(company: Company, written: texts.Text, day: date, deadline: datetime | None = None) -> publishing.Draft:
    names = texts.months(day) | {"joined": _newcomers(company)}
    to = written.words("to")
    return publishing.Draft(
        kind=written.head["kind"],  # type: ignore[arg-type]  # the texts are ours
        title=written.title.format_map(names),
        summary=written.head["summary"].format_map(names),
        body=text.from_markdown(written.body.format_map(names)),
        audience=people.Audience(
            everyone=to == ["Everyone"],
            group_ids=tuple(company.groups[name] for name in to if name in company.groups),
            person_ids=tuple(company.ids[name] for name in to if name in company.ids),
        ),
        ask_acknowledge=deadline is not None,
        deadline=deadline,
    )


def _illustrated(draft: publishing.Draft, by: int, now: datetime) -> publishing.Draft:
    """Draw what a text shows, as its author."""
    body = str(draft.body)
    for name, draw in drawing.DRAWINGS.items():
        if f"[{name}: " in body:
            image = media.upload(by=by, content=draw(), now=now)
            media.make(image_id=image.id, now=now)
            shown = f'<img src="{image.src}" width="{image.width}" height="{image.height}" alt="\\1">'
            body = re.sub(rf"<p>\[{name}: ([^\]]+)\]</p>", f"<figure>{shown}</figure>", body)
    return replace(draft, body=body)


def _newcomers(company: Company) -> str:
    new = [member for member in company.members.values() if member.joined_lately]
    return "\n".join(f"- **{member.name}**, {member.title}, {member.place}" for member in new)
