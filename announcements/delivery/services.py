"""The door of delivery: fanning out, the feed, receipts, nudges, digests, letters, mail links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from announcements.delivery import _fanout, _feed, _receipts, _sending
from announcements.delivery._backlog import Backlog, Due, backlog
from announcements.delivery._by_hand import Nudged, NudgePreview, nudges_to_come
from announcements.delivery._checklist import FIELDS, Check, Fix, checks, look_at_links
from announcements.delivery._checklist import NAMES as CHECKS
from announcements.delivery._digests import preference, set_preference
from announcements.delivery._erasing import erase
from announcements.delivery._facts import (
    FannedOut,
    GotTo,
    Line,
    Own,
    Place,
    arrived,
    facts,
    facts_many,
    facts_of,
    fanned_out,
    first_nudges,
    on_the_way,
    recipients,
    yet_to,
)
from announcements.delivery._fanout import announce, brought_in, fan_out, progress, progress_many, taken_back
from announcements.delivery._feed import feed, feed_page, feed_texts
from announcements.delivery._forgetting import forget_facts, to_forget
from announcements.delivery._images import image
from announcements.delivery._landing import landing
from announcements.delivery._letters import LIFE as LETTER_LIFE
from announcements.delivery._letters import due_letters, post_letter, send_letter
from announcements.delivery._links import (
    LinkDead,
    SignInFirst,
    SomebodyElses,
    acknowledge_by_mail,
    mail_link,
    prefer_by_mail,
    unsubscribe_by_mail,
)
from announcements.delivery._load import Load, load
from announcements.delivery._log import LoggedMail, MailAsked, export_mail_log, mail_log, settle_mail
from announcements.delivery._nudges import nudge_now, nudge_plan, nudge_preview, nudges_stopped_at, stop_nudges
from announcements.delivery._past import settle_past
from announcements.delivery._receipts import acknowledge, changes, readable, unacknowledge
from announcements.delivery._recording import record
from announcements.delivery._refusals import tell_refused
from announcements.delivery._returns import Report, What, fetch_returns, take_event, take_report, take_return
from announcements.delivery._samples import Preview, PreviewMail, preview, preview_mail
from announcements.delivery._searching import archive, archive_authors, arrivals, readable_many, search
from announcements.delivery._status import BACKUP_OLD, Part, PartName, PartState, last_backup, note_backup, status
from announcements.delivery._stored import Stored, StoredDelivery, StoredFact, StoredMail, stored
from announcements.delivery._suppressions import Suppression, lift_suppression, suppressions, unreachable
from announcements.delivery._tests import Test, last_test, send_test
from announcements.delivery._transports import (
    Gets,
    Sending,
    held_since,
    hold_mail,
    pause_sending,
    resume_sending,
    sending,
)
from announcements.delivery._values import (
    Channel,
    Delivery,
    DeliveryFacts,
    Fact,
    Feed,
    FeedItem,
    FeedPage,
    Landing,
    MailLink,
    Moved,
    NotAsked,
    NudgeStep,
    OlderVersion,
    Preference,
    Progress,
    Readable,
    Receipt,
    Recorded,
    Saving,
    Standing,
    Swept,
    TakenBack,
    TakingBack,
    TooLate,
)

__all__ = [
    "Backlog",
    "Due",
    "backlog",
    "BACKUP_OLD", "CHECKS", "FIELDS", "Channel", "Check", "Delivery", "DeliveryFacts", "Fact", "FannedOut", "Feed", "FeedItem", "FeedPage", "Fix", "Gets", "GotTo",
    "LETTER_LIFE", "Landing", "Line", "LinkDead", "Load", "LoggedMail", "MailAsked", "MailLink", "Moved", "NotAsked", "NudgePreview", "NudgeStep", "Nudged", "OlderVersion", "Own", "Part", "PartName", "PartState", "Place",
    "Preference", "Preview", "PreviewMail", "Progress", "Readable", "Receipt", "Recorded", "Report", "Saving", "Sending", "SignInFirst",
    "SomebodyElses", "Standing", "Stored", "StoredDelivery", "StoredFact", "StoredMail", "Suppression", "Swept", "TakenBack", "TakingBack", "Test", "TooLate", "What",
    "acknowledge", "acknowledge_by_mail", "announce", "archive", "archive_authors", "arrivals", "arrived", "brought_in", "changes", "checks",
    "corrected", "due_letters", "erase", "export_mail_log", "facts", "facts_many", "facts_of", "fan_out", "fanned_out", "feed", "feed_page",
    "feed_texts", "feeds_changed", "fetch_returns", "first_nudges", "forget_facts", "held_since", "hold_mail", "image", "landing", "last_backup", "last_test", "lift_suppression", "load",
    "look_at_links", "mail_link", "mail_log", "note_backup", "nudge_now", "nudge_plan", "nudge_preview", "nudges_stopped_at", "nudges_to_come", "on_the_way", "pause_sending", "post_letter", "prefer_by_mail",
    "preference", "preview", "preview_mail", "progress", "progress_many", "readable", "readable_many", "recipients", "record", "resume_sending", "search",
    "send_letter", "send_test", "sending", "set_preference", "settle_mail", "settle_past", "standing_changed", "status", "stop_nudges", "stored",
    "suppressions", "sweep", "take_event", "take_report", "take_return", "taken_back", "tell_refused", "tick", "to_forget", "unacknowledge",
    "unreachable", "unsubscribe_by_mail", "yet_to",
]  # fmt: skip


def tick(*, now: datetime, clock: Callable[[], datetime]) -> int:
    """Send what is due; return how many mails were settled. `clock` tells the time as the work goes on."""
    return _sending.tick(now=now, clock=clock)


def sweep(*, now: datetime) -> Swept:
    """Find what was lost: fan-outs nobody finished, mails a dead worker held."""
    overdue = _fanout.unfinished(before=now - timedelta(seconds=settings.SWEEP_SECONDS))
    return _sending.sweep(now=now, fan_outs=overdue)


def corrected(*, announcement_id: int, workspace_id: int, number: int, material: bool) -> None:
    """Show a correction everywhere; after a material one ask again."""
    _feed.bump_workspace(workspace_id)
    if material:
        _receipts.ask_again(announcement_id=announcement_id, workspace_id=workspace_id, number=number)


def feeds_changed(*, workspace_id: int) -> None:
    """Show everywhere that something was withdrawn, or somebody or a group is called differently."""
    _feed.bump_workspace(workspace_id)


def standing_changed(*, person_ids: Sequence[int]) -> None:
    """Look these people's rights up again at their next request."""
    _feed.bump(person_ids)
