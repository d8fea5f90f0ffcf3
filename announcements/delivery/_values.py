"""The values and errors of the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from announcements.delivery import models
from announcements.kernel import errors
from announcements.publishing import services as publishing

Channel = Literal["tab", "page", "extension", "mail"]
Fact = Literal["displayed", "opened", "read", "acknowledged", "dismissed"]
# What somebody says of their own list. It is no fact about reading: the last word counts, and nobody counts it.
Saving = Literal["saved", "unsaved"]
# That an acknowledgement is taken back by a client that never heard whether it had arrived.
TakingBack = Literal["unacknowledged"]
# Of these each implies those before it. Dismissing implies none.
FACTS: tuple[Fact, ...] = ("displayed", "opened", "read", "acknowledged")


class NotAsked(errors.Conflict):
    """Nobody asked to acknowledge this."""

    code = "not_asked"


class OlderVersion(errors.Conflict):
    """It has changed since the version they read."""

    code = "older_version"


class TakenBack(errors.Conflict):
    """They took this confirmation back before it arrived."""

    code = "taken_back"


class TooLate(errors.Conflict):
    """Ten minutes have passed."""

    code = "too_late"


@dataclass(frozen=True, slots=True)
class Landing:
    """When an announcement reaches a time zone, and for each nudge step the first and the last moment it goes out there."""

    timezone: str
    people: int
    at: datetime
    nudges: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An announcement on a reader's tab."""

    announcement_id: int
    title: str
    summary: str
    kind: publishing.Kind
    author_id: int
    author_name: str
    author_title: str
    published_at: datetime
    minutes: int
    required: bool
    pinned: bool
    deadline: datetime | None
    version: int
    displayed_at: datetime | None
    opened_at: datetime | None
    read_at: datetime | None
    acknowledged_at: datetime | None
    dismissed_at: datetime | None
    saved_at: datetime | None
    confirmed: int
    recipients: int
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """What waits for a reader, required reading first; `ends` is when it changes by itself: the first of it expires, or the next arrives."""

    items: tuple[FeedItem, ...]
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a key was made under: the epoch, and the round of feed keys; a session has no round."""

    epoch: int
    key_round: int | None = None

    def fits(self, now: bytes) -> bool:
        """Tell whether it is still good, `now` being epoch.round."""
        epoch, _dot, key_round = now.partition(b".")
        return int(epoch) == self.epoch and self.key_round in {None, int(key_round)}


@dataclass(frozen=True, slots=True)
class FeedPage:
    """The feed as it travels: JSON bytes and the entity tag they are known by."""

    etag: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is recorded about one reader and one announcement."""

    announcement_id: int
    recipient_id: int
    delivered_at: datetime
    displayed_at: datetime | None
    opened_at: datetime | None
    read_at: datetime | None
    acknowledged_at: datetime | None
    dismissed_at: datetime | None
    acknowledged_version: int | None
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Readable:
    """An announcement somebody may read; no delivery when they joined later or manage it."""

    announcement: publishing.Announcement
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A fact a client noticed, or what its person said of their list. `client_id` is the client's own, so that it may be sent twice.

    `takes_back`: of one that takes back an acknowledgement, the `client_id` under which that was sent.
    """

    client_id: UUID | str
    announcement_id: int
    fact: Fact | Saving | TakingBack
    at: datetime
    channel: Channel
    version: int | None = None
    takes_back: UUID | str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch."""

    accepted: int
    unchanged: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far fanning out has come."""

    total: int
    done: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """What is recorded about one recipient, with the latest nudge. `forgotten`: how they read it is not known any more."""

    recipient_id: int
    delivered_at: datetime
    displayed_at: datetime | None
    opened_at: datetime | None
    read_at: datetime | None
    acknowledged_at: datetime | None
    displayed_via: Channel | Literal[""]
    opened_via: Channel | Literal[""]
    read_via: Channel | Literal[""]
    acknowledged_via: Channel | Literal[""]
    forgotten: bool = False
    last_nudge_at: datetime | None = None
    nudge_state: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What is recorded about a recipient, before and after it changed; None before they were one."""

    announcement_id: int
    recipient_id: int
    before: DeliveryFacts | None
    after: DeliveryFacts | None


@dataclass(frozen=True, slots=True)
class NudgeStep:
    """A step over all recipients; 0 gathers what was sent by hand."""

    step: int
    due_first: datetime | None
    due_last: datetime | None
    queued: int
    submitted: int
    skipped: int
    failed: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class Preference:
    """What mail somebody wants."""

    digest: Literal["daily", "weekly", "never"]


@dataclass(frozen=True, slots=True)
class MailLink:
    """What a link in a mail is about; `digest` is how often it comes to its person.

    `yours`: whether who is signed in is its person; None when nobody is. `sign_in_first`: nothing is confirmed before that.
    """

    title: str
    author_name: str
    person_name: str
    acknowledged_at: datetime | None
    digest: Literal["daily", "weekly", "never"]
    yours: bool | None
    sign_in_first: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found lost."""

    fan_outs: tuple[int, ...]
    returned: int
    uncertain: int


def as_delivery(row: models.Delivery) -> Delivery:
    """Return the value of a row."""
    return Delivery(
        announcement_id=row.announcement_id,
        recipient_id=row.recipient_id,
        delivered_at=row.delivered_at,
        displayed_at=row.displayed_at,
        opened_at=row.opened_at,
        read_at=row.read_at,
        acknowledged_at=row.acknowledged_at,
        dismissed_at=row.dismissed_at or row.forgotten_at,
        acknowledged_version=row.acknowledged_version,
        saved_at=row.saved_at,
    )


def as_facts(
    row: models.Delivery, last_nudge_at: datetime | None = None, nudge_state: str | None = None
) -> DeliveryFacts:
    """Return the facts of a row, with the latest nudge where that is known."""
    return DeliveryFacts(
        recipient_id=row.recipient_id,
        delivered_at=row.delivered_at,
        displayed_at=row.displayed_at,
        opened_at=row.opened_at,
        read_at=row.read_at,
        acknowledged_at=row.acknowledged_at,
        displayed_via=row.displayed_via,  # type: ignore[arg-type]  # only channels are written
        opened_via=row.opened_via,  # type: ignore[arg-type]  # only channels are written
        read_via=row.read_via,  # type: ignore[arg-type]  # only channels are written
        acknowledged_via=row.acknowledged_via,  # type: ignore[arg-type]  # only channels are written
        forgotten=row.forgotten_at is not None,
        last_nudge_at=last_nudge_at,
        nudge_state=nudge_state,
    )
