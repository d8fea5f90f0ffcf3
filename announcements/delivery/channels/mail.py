"""Mail: the nudge and the digest, as bytes. Both parts come from templates; nothing in them loads from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import formataddr
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
    "digests",
    "letterhead",
    "nudges",
    "reach",
    "sample_mail",
]


class Press(stencils.Press):
    """Keeps what the mails of a tick share: stencils, and letterheads, which stay as they were when its first mail was made."""

    def __init__(self) -> None:
        super().__init__()
        self._heads: dict[int, Letterhead] = {}

    def head(self, workspace_id: int) -> Letterhead:
        """Return what a company's mail shows."""
        if workspace_id not in self._heads:
            self._heads[workspace_id] = letterhead(workspace_id)
        return self._heads[workspace_id]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a nudge of `step` (this, of how many) asks all who get it; `confirmed` is (how many, of how many), `audience` in words."""

    announcement: publishing.Announcement
    author: people.Person
    step: tuple[int, int]
    confirmed: tuple[int, int]
    audience: str


def nudges(
    *, head: Letterhead, asked: Asked, now: datetime, press: Press | None = None
) -> Callable[[people.Person], Mail]:
    """Return what makes the nudge to each who has yet to confirm. A press makes it once for all who are asked the same."""
    said, own, named, confirm = asked.announcement, _owns(), letters.namer(), tokens.maker("acknowledge")
    headers = {
        "Reply-To": formataddr((asked.author.name, asked.author.email)),
        "Feedback-ID": head.feedback("nudge", now),
    }
    told = head.seen, _told(asked, now), *headers.values()

    def nudge(person: people.Person) -> Mail:
        thread = named(f"a-{said.id}-{person.id}")
        name = named(f"n-{said.id}-{asked.step[0]}-{person.id}")
        key = confirm(tokens.Claim(person.id, person.epoch, said.id, said.version))
        ours = own(person, {"Message-ID": name, "In-Reply-To": thread, "References": thread}, {"confirm": key})

        def write(gaps: Mapping[str, str]) -> letters.Letter:
            context = head.context(gaps["unsubscribe"]) | _nudge(asked, person, now)
            context["confirm_url"] = f"{settings.BASE_URL}/m/{gaps['confirm']}"
            return head.letter("nudge", context, headers, sender=f"{asked.author.name} · {head.workspace.name}")

        hours = person.working_time.starts, person.working_time.ends
        return _made((told, hours), person, write, ours, press, now)

    return nudge


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
            "Message-ID": letters.message_id(f"t-{announcement.id}-{now.isoformat()}-{person.id}"),
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


def digests(*, head: Letterhead, now: datetime, press: Press | None = None) -> Callable[[people.Person, Recap], Mail]:
    """Return what makes of what somebody missed in a period their digest. A press makes it once for all who missed the same."""
    own, named, confirm = _owns(), letters.namer(), tokens.maker("acknowledge")
    headers = {"Precedence": "bulk", "Feedback-ID": head.feedback("digest", now)}
    told = "digest", head.seen, *headers.values()

    def digest(person: people.Person, recap: Recap) -> Mail:
        called = text.first_name(person.name)
        keys = {
            f"confirm{n}": confirm(tokens.Claim(person.id, person.epoch, item.announcement_id, item.version))
            for n, item in enumerate(recap.items)
            if item.required
        }
        name = {"Message-ID": named(f"d-{recap.period}-{person.id}")}
        ours = own(person, name, {**keys, **recap.numbers}, {"called": called})

        def write(gaps: Mapping[str, str]) -> letters.Letter:
            context = head.context(gaps["unsubscribe"]) | recap.context(gaps, gaps["called"] if called else "", now)
            return head.letter("digest", context, headers, sender=head.workspace.name)

        key = told, recap.seen(ZoneInfo(person.timezone), now), bool(called)
        return _made(key, person, write, ours, press, now)

    return digest


def _owns() -> Callable[..., stencils.Own]:
    """Return what gathers somebody's own of a mail: its headers, gaps and words, and the two ways to leave that each has."""
    leave, key = tokens.maker("unsubscribe"), "{key}"
    ways = ", ".join(f"<{way}>" for way in (leave_url(key), returns.leave_address(key)) if way)

    def own(
        person: people.Person,
        headers: Mapping[str, str],
        gaps: Mapping[str, str],
        words: Mapping[str, str] = stencils.NO_WORDS,
    ) -> stencils.Own:
        said = leave(tokens.Claim(person.id, person.epoch))
        headers = {**headers, "List-Unsubscribe": ways.replace(key, said)}
        return stencils.Own((person.name, person.email), headers, {**gaps, "unsubscribe": said}, words)

    return own


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
