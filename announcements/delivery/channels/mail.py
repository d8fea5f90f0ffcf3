"""Mail: the nudge and the digest, as bytes. Both parts come from templates; nothing in them loads from anywhere."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import formataddr
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from announcements.delivery._audiences import audiences
from announcements.delivery._missed import Missed, Pile
from announcements.delivery._values import FeedItem
from announcements.delivery.channels import returns, tokens
from announcements.delivery.channels.letterhead import TEST_PAGE, Letterhead, leave_url, letterhead
from announcements.delivery.channels.recaps import Recap
from announcements.kernel import letters, stencils, text
from announcements.kernel.lines import Line, Mail, Outcome, Transports, reach
from announcements.kernel.stencils import Press
from announcements.people import services as people
from announcements.publishing import services as publishing

__all__ = [
    "Letterhead",
    "Line",
    "Mail",
    "Outcome",
    "Press",
    "Recap",
    "Transports",
    "digest_mail",
    "letterhead",
    "nudge_mail",
    "reach",
    "sample_mail",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a nudge of `step` (this, of how many) asks all who get it; `confirmed` is (how many, of how many), `audience` in words."""

    announcement: publishing.Announcement
    author: people.Person
    step: tuple[int, int]
    confirmed: tuple[int, int]
    audience: str


def nudge_mail(
    *, person: people.Person, head: Letterhead, asked: Asked, now: datetime, press: Press | None = None
) -> Mail:
    """Return the nudge to somebody who has yet to confirm. A press makes it once for all who are asked the same."""
    said = asked.announcement
    thread = _message_id(f"a-{said.id}", person.id)
    key = tokens.Claim(person.id, person.epoch, said.id, said.version)
    named = {"Message-ID": _message_id(f"n-{said.id}-{asked.step[0]}", person.id)}
    own = _own(
        person,
        named | {"In-Reply-To": thread, "References": thread},
        confirm=tokens.make(key, "acknowledge"),
    )
    headers = {
        "Reply-To": _named(asked.author.name, asked.author.email),
        "Feedback-ID": head.feedback("nudge", now),
    }

    def write(gaps: Mapping[str, str]) -> letters.Letter:
        context = head.context(gaps["unsubscribe"]) | _nudge(asked, person, now)
        context["confirm_url"] = f"{settings.BASE_URL}/m/{gaps['confirm']}"
        return head.letter("nudge", context, headers, sender=f"{asked.author.name} · {head.workspace.name}")

    hours = person.working_time.starts, person.working_time.ends
    return _made((head.seen, _told(asked, now), hours, *headers.values()), person, write, own, press, now)


def _told(asked: Asked, now: datetime) -> Hashable:
    """Return all that a nudge says."""
    said, author = asked.announcement, asked.author
    times = said.published_at or now, said.deadline, _late(said, now)
    return (
        said.id,
        said.title,
        said.summary,
        said.body,
        said.minutes,
        times,
        author.name,
        author.title,
        asked.step,
        asked.confirmed,
        asked.audience,
    )


def _late(said: publishing.Announcement, now: datetime) -> bool:
    """Tell whether the deadline has passed."""
    return bool(said.deadline and said.deadline <= now)


def _nudge(asked: Asked, person: people.Person, now: datetime) -> dict[str, Any]:
    said, (step, steps), clock = asked.announcement, asked.step, person.working_time
    return {
        "announcement": said,
        "preview": said.summary,
        "audience": asked.audience,
        "body": text.to_letter(said.body),
        "plain": text.to_plain(said.body),
        "author": asked.author,
        "step": step,
        "steps": steps,
        "by_hand": step > steps,
        "to_come": steps - step,
        "starts": clock.starts,
        "ends": clock.ends,
        "place": person.timezone.rpartition("/")[2].replace("_", " "),
        "called": text.first_name(asked.author.name),
        "confirmed": asked.confirmed[0],
        "recipients": asked.confirmed[1],
        "share": round(100 * asked.confirmed[0] / (asked.confirmed[1] or 1)),
        "published_at": said.published_at or now,
        "deadline": said.deadline,
        "late": _late(said, now),
        "read_url": f"{settings.BASE_URL}/a/{said.id}",
    }


def sample_mail(
    *, person: people.Person, announcement: publishing.Announcement, author: people.Person, item: FeedItem, test: bool, now: datetime
) -> Mail:  # fmt: skip
    """Return the mail that would tell somebody of it: its first nudge, or the digest when it does not ask to confirm.

    It holds no key: its buttons lead to a page that says what it was. A `test` says so in its subject too.
    """
    kind = "nudge" if announcement.ask_acknowledge else "digest"
    head = letterhead(author.workspace_id)
    with translation.override(person.locale), timezone.override(ZoneInfo(person.timezone)):
        context = head.context() | {"mark": _mark(person, test), "test": test}
        if kind == "nudge":
            steps = max(1, len(announcement.nudge_hours))
            [whom] = audiences([announcement], person.locale).values()
            asked = Asked(announcement, author, (1, steps), (item.confirmed, item.recipients), whom)
            context |= _nudge(asked, person, _first_nudge(announcement, person, now))
            context["confirm_url"] = settings.BASE_URL + TEST_PAGE
        else:
            said = item.title, item.summary, False, item.author_name, item.minutes, item.deadline, item.version
            missed = Missed(item.announcement_id, *said, author.title)
            recap = Recap(Pile((missed,), (item.published_at,), 0))
            context |= recap.context({}, text.first_name(person.name), now)
        headers = {
            "Message-ID": _message_id(f"t-{announcement.id}-{now.isoformat()}", person.id),
            "Reply-To": formataddr((author.name, author.email)),
        }
        sender = f"{author.name} · {head.workspace.name}" if kind == "nudge" else head.workspace.name
        letter = head.letter(kind, context, headers, sender=sender)
        return letters.compose(replace(letter, to=(person.name, person.email)), now=now)


def _first_nudge(said: publishing.Announcement, person: people.Person, now: datetime) -> datetime:
    """Return when somebody would get it: what is due then says so."""
    after = timedelta(hours=said.nudge_hours[0]) if said.nudge_hours else timedelta()
    return person.working_time.next_moment(max(now, (said.published_at or now) + after))


def _mark(person: people.Person, test: bool) -> str:
    if test:
        return _("This is a test. Its buttons confirm nothing.")
    return _("Preview for %(name)s. Its buttons confirm nothing.") % {"name": person.name}


def digest_mail(
    *, person: people.Person, head: Letterhead, recap: Recap, now: datetime, press: Press | None = None
) -> Mail:
    """Return what somebody missed in a period. A press makes it once for all who missed the same."""
    named = {"Message-ID": _message_id(f"d-{recap.period}", person.id)}
    own = _own(person, named, **_confirming(person, recap.items), **recap.numbers)
    called = text.first_name(person.name)
    own = replace(own, words={"called": called})
    headers = {"Precedence": "bulk", "Feedback-ID": head.feedback("digest", now)}

    def write(gaps: Mapping[str, str]) -> letters.Letter:
        context = head.context(gaps["unsubscribe"]) | recap.context(gaps, gaps["called"] if called else "", now)
        return head.letter("digest", context, headers, sender=head.workspace.name)

    key = ("digest", head.seen, recap.seen(ZoneInfo(person.timezone), now), bool(called), *headers.values())
    return _made(key, person, write, own, press, now)


def _confirming(person: people.Person, items: Sequence[Missed]) -> dict[str, str]:
    """Return somebody's own keys for what of this is required, by the names of their gaps."""
    who = person.id, person.epoch
    return {
        f"confirm{n}": tokens.make(tokens.Claim(*who, item.announcement_id, item.version), "acknowledge")
        for n, item in enumerate(items)
        if item.required
    }


def _own(person: people.Person, headers: Mapping[str, str], **gaps: str) -> stencils.Own:
    """Return what of a mail is somebody's own, with the two ways to leave that each has."""
    gaps["unsubscribe"] = tokens.make(tokens.Claim(person.id, person.epoch), "unsubscribe")
    ways = (leave_url(gaps["unsubscribe"]), returns.leave_address(gaps["unsubscribe"]))
    leave = {"List-Unsubscribe": ", ".join(f"<{way}>" for way in ways if way)}
    return stencils.Own((person.name, person.email), {**headers, **leave}, gaps)


def _made(
    key: Hashable,
    person: people.Person,
    write: stencils.Write,
    own: stencils.Own,
    press: Press | None,
    now: datetime,
) -> Mail:
    """Return a mail in its reader's language and zone: by the press, where it can be."""
    clock = person.timezone

    def cut() -> stencils.Stencil:
        with translation.override(person.locale), timezone.override(ZoneInfo(clock)):
            return stencils.cut(write, tuple(own.gaps), tuple(own.words))

    if press and person.email.isascii():
        return press.print((key, person.locale, clock), cut, own, now=now)
    with translation.override(person.locale), timezone.override(ZoneInfo(clock)):
        return stencils.plain(write, own, now=now)


# Many are asked by the same author.
@lru_cache(256)
def _named(name: str, address: str) -> str:
    return formataddr((name, address))


def _message_id(what: str, person_id: int) -> str:
    return letters.message_id(f"{what}-{person_id}")
