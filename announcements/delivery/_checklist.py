"""The checklist: what to look at before something goes out. What blocks is what publishing itself refuses; the rest warns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from announcements.delivery import _tests, events
from announcements.delivery._load import load
from announcements.kernel import outline, outside
from announcements.publishing import services as publishing

MOST_MINUTES, TWO_LINES, SUBJECT, MOST_ITEMS = 3, 76, 62, 5
State = Literal["ok", "warn", "block", "checking"]
NAMES = (
    *(
        "title",
        "audience",
        "deadline",
        "expiry",
        "time",
        "pin",
        "body",
        "minutes",
        "subject",
        "images",
        "links",
        "load",
    ),
    "test",
)
FIELDS = ("title", "audience", "deadline", "expires_at", "at", "own_clock", "pin", "body")
# The fields that publishing refuses by, and the check that says so.
REFUSED = {"title": "title", "audience": "audience", "deadline": "deadline", "expires_at": "expiry", "at": "time", "own_clock": "time", "pin": "pin"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fix:
    """What would set it right: `focus` a field of the draft, or send a `test`; `label` says so on a button."""

    kind: Literal["focus", "test"]
    label: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at. `items` name what it is about: links, images."""

    name: str
    state: State
    title: str
    detail: str = ""
    items: tuple[str, ...] = ()
    fix: Fix | None = None


def checks(*, by: int, announcement_id: int, when: publishing.When | None = None, now: datetime) -> tuple[Check, ...]:
    """Return the checklist of a draft, for its schedule or for `when`, in the language that is active.

    Links that were not looked at lately are looked at behind this: until then their check is `checking`; ask again.
    Raises NotFound, NotAuthor or AlreadyPublished.
    """
    refused = publishing.obstacles(announcement_id=announcement_id, by=by, when=when, now=now)
    said = publishing.find(by=by, announcement_id=announcement_id, now=now)
    found = [*_blocking(refused), *_words(said), *_links(said, now)]
    if said.deadline and "deadline" not in refused:
        found.append(Check("deadline", "ok", _("Everybody gets it before the deadline")))
    if "audience" not in refused:
        found.append(_load(said, now))
    found.append(_test(by, said, now))
    rank = {name: place for place, name in enumerate(NAMES)}
    return tuple(sorted(found, key=lambda check: rank[check.name]))


def _blocking(refused: dict[str, list[str]]) -> Iterator[Check]:
    for field, problems in refused.items():
        name = REFUSED.get(field, "body")
        title = {
            "title": _("It has no title"),
            "audience": _("It reaches nobody"),
            "deadline": _("The deadline does not work"),
            "expiry": _("The expiry does not work"),
            "time": _("The time does not work"),
            "pin": _("There is no place at the top"),
            "body": _("The text cannot go out"),
        }[name]
        fix = Fix("focus", _("Set right"), field if field in FIELDS else "body")
        yield Check(name, "block", title, " ".join(problems), fix=fix)
    if "audience" not in refused:
        yield Check("audience", "ok", _("It reaches somebody"))


def _words(said: publishing.Announcement) -> Iterator[Check]:
    yield _minutes(said)
    if said.title:
        yield _title(said.title)
        if said.ask_acknowledge and said.nudge_hours:
            yield _subject(said)
    if pictures := outline.images(said.body):
        yield _images(pictures)


def _minutes(said: publishing.Announcement) -> Check:
    usual = publishing.usual_minutes(person_id=said.author_id)
    words = ngettext("%(many)d word.", "%(many)d words.", said.words) % {"many": said.words}
    median = _("Your median is %(many)g min.") % {"many": usual} if usual else ""
    title = ngettext("Reads in %(many)d minute", "Reads in %(many)d minutes", said.minutes) % {"many": said.minutes}
    if said.minutes <= MOST_MINUTES:
        return Check("minutes", "ok", title, f"{words} {median}".strip())
    advice = _("Most people stop after %(most)d minutes.") % {"most": MOST_MINUTES}
    fix = Fix("focus", _("Shorten"), "body")
    return Check("minutes", "warn", title, f"{words} {advice} {median}".strip(), fix=fix)


def _title(title: str) -> Check:
    long = len(title) > TWO_LINES
    many = ngettext("%(many)d character", "%(many)d characters", len(title)) % {"many": len(title)}
    if long:
        detail = _("%(many)s; about %(most)d fit on two lines.") % {"many": many, "most": TWO_LINES}
        return Check("title", "warn", _("The title is long"), detail, fix=Fix("focus", _("Shorten"), "title"))
    return Check("title", "ok", _("The title fits"), _("%(many)s, fits on two lines.") % {"many": many})


def _subject(said: publishing.Announcement) -> Check:
    """Measure the subject that the nudge really has."""
    subject = render_to_string("email/nudge/subject.txt", {"announcement": said}).strip()
    cut = _("Cut after %(most)d characters on phones.") % {"most": SUBJECT}
    if len(subject) > SUBJECT:
        return Check("subject", "warn", _("Email subject is long"), cut, fix=Fix("focus", _("Shorten"), "title"))
    return Check("subject", "ok", _("Email subject fits"))


def _images(pictures: Sequence[outline.Image]) -> Check:
    bare = [one for one in pictures if not one.alt]
    if not bare:
        many = len(pictures)
        title = ngettext("The image is described", "All %(many)d images are described", many) % {"many": many}
        return Check("images", "ok", title)
    title = ngettext("An image is not described", "%(many)d images are not described", len(bare)) % {"many": len(bare)}
    detail = _("People who cannot see them are told nothing. Say in a few words what each shows.")
    named = tuple(one.caption or _("Image %(number)d") % {"number": one.number} for one in bare)
    return Check("images", "warn", title, detail, named, Fix("focus", _("Describe"), "body"))


def _links(said: publishing.Announcement, now: datetime) -> Iterator[Check]:
    if urls := outline.links(said.body):
        yield _answering(said, urls[: outside.MOST], len(urls), now)


def _answering(said: publishing.Announcement, urls: Sequence[str], there: int, now: datetime) -> Check:
    seen = outside.known(urls)
    if waiting := [url for url in urls if url not in seen]:
        events.links_unseen.send(sender=None, announcement_id=said.id, at=now)
        return Check("links", "checking", _("Looking at the links"), "", tuple(waiting))
    if dead := [url for url in urls if seen[url].kind == "dead"]:
        many = {"many": len(dead)}
        title = ngettext("A link does not answer", "%(many)d links do not answer", len(dead)) % many
        items = tuple(f"{url} ({_why(seen[url])})" for url in dead)
        return Check(
            "links", "warn", title, _("Open them, and set them right."), items, Fix("focus", _("Look"), "body")
        )
    unseen = tuple(url for url in urls if seen[url].kind == "unseen")
    answer = len(urls) - len(unseen)
    if not answer:
        title = _("No link had to be looked at")
    elif there > len(urls):
        title = _("%(many)d of %(there)d links answer, the rest was not looked at") % {"many": answer, "there": there}
    else:
        title = ngettext("The link answers", "All %(many)d links answer", answer) % {"many": answer}
    detail = _("Some lead into a private network, and were not looked at.") if unseen else ""
    return Check("links", "ok", title, detail, unseen)


def _why(seen: outside.Seen) -> str:
    if seen.status:
        return str(seen.status)
    return {
        "unknown_host": _("no such site"),
        "not_secure": _("its certificate does not fit"),
        "too_many_redirects": _("it leads in circles"),
    }.get(seen.why, _("no answer"))


def _load(said: publishing.Announcement, now: datetime) -> Check:
    had = load(workspace_id=said.workspace_id, audience=said.audience, now=now)
    highest = had.highest + 1
    got = _("This audience got %(many)d announcements, %(minutes)d minutes, in the last 7 days.")
    detail = got % {"many": had.announcements, "minutes": had.minutes}
    if had.group:
        detail += " " + _("Highest with this one: %(group)s, %(many)d.") % {"group": had.group, "many": highest}
    if highest > MOST_ITEMS:
        title = _("Somebody gets %(many)d items this week") % {"many": highest}
        return Check("load", "warn", title, detail, fix=Fix("focus", _("Go out later"), "at"))
    return Check("load", "ok", _("Nobody gets more than %(most)d items this week") % {"most": MOST_ITEMS}, detail)


def _test(by: int, said: publishing.Announcement, now: datetime) -> Check:
    last, fix = _tests.last_test(by=by, announcement_id=said.id, now=now), Fix("test", _("Send a test to me"))
    if last is None:
        return Check("test", "warn", _("Not tested by you"), _("See it in your own mail first."), fix=fix)
    if last.state in _tests.UNSETTLED:
        return Check("test", "checking", _("The test is on its way"))
    if last.state != "submitted":
        return Check("test", "warn", _("The test did not leave"), last.reply or last.reason, fix=fix)
    if not last.current:
        return Check("test", "warn", _("Changed since your test"), fix=fix)
    return Check("test", "ok", _("Test sent to you"))


def look_at_links(*, announcement_id: int) -> int:
    """Look at the links of an announcement that nobody looked at lately or is looking at; return how many. Talks to the network."""
    said = publishing.get(announcement_id=announcement_id)
    urls = outline.links(said.body)[: outside.MOST]
    seen = outside.known(urls)
    return len(outside.look(outside.claim([url for url in urls if url not in seen])))
