"""Writing facts about reading: first times win, recording twice changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.delivery import _counts, _feed, _told, models
from announcements.delivery._values import (
    FACTS,
    Channel,
    DeliveryFacts,
    Fact,
    Moved,
    Receipt,
    Recorded,
    Saving,
    as_facts,
)
from announcements.kernel import bulk, errors
from announcements.kernel.prepared import Among, Prepared
from announcements.kernel.together import Together
from announcements.people import services as people
from announcements.publishing import services as publishing

MOST = 500
READ = [f"{fact}_{what}" for fact in ("displayed", "opened", "read") for what in ("at", "via")]
WRITTEN = [*READ, *(f"{fact}_{what}" for fact in ("acknowledged", "dismissed") for what in ("at", "via"))]
WRITTEN += ["acknowledged_version", "acknowledged_receipt", "undone_receipt", "undone_before", "saved_at", "unsaved_at"]
UNACKNOWLEDGED: dict[str, Any] = {
    "acknowledged_at": None,
    "acknowledged_via": "",
    "acknowledged_version": None,
    "acknowledged_receipt": "",
}
# For so long a confirmation that has arrived may turn out to be one of which its client never heard.
BEARS = timedelta(days=7)
MOST_UNDONE = 8
ALL = [field.attname for field in models.Delivery._meta.concrete_fields]


@dataclass(frozen=True, slots=True)
class _Batch:
    by: int
    receipts: Sequence[Receipt]
    now: datetime


Key = tuple[int, int]  # of a delivery: recipient and announcement
Rows = Mapping[Key, models.Delivery]

_held = Prepared(
    # In one order, so that nobody waits for somebody who waits for them.
    lambda: (
        models.Delivery.objects.select_for_update()
        .filter(Among("keys", "recipient_id", "announcement_id"))
        .order_by("id")
        .values_list(*ALL)
    )
)


def record(*, by: int, receipts: Sequence[Receipt], now: datetime) -> Recorded:
    """Record up to 500 facts of one reader, in any order, however late; raise Invalid for more.

    Dropped and counted is a fact about what is not theirs, an acknowledgement of another version than those that are
    asked for, or of before they took one back, and dismissing what they are asked to acknowledge;
    how something was read whose reading is forgotten by age, too. A clock ahead counts as now, one behind as the delivery.
    An acknowledgement that is taken back by its receipt counts no more, whichever comes first; what else acknowledges it stands, and so
    does one that has stood for a week.
    Of what they say of their own list the last word counts, whichever comes first; what they said before their reading was
    forgotten, and comes later, puts nothing on it any more.
    """
    if len(receipts) > MOST:
        raise errors.Invalid({"receipts": [_("At most %(most)d at once.") % {"most": MOST}]})
    return _together(_Batch(by, receipts, now))


@transaction.atomic
def _record(batches: Sequence[_Batch]) -> list[Recorded]:
    """Record what several readers sent, whose it is told apart by; return what became of each batch."""
    keys = sorted({(batch.by, receipt.announcement_id) for batch in batches for receipt in batch.receipts})
    found = (models.Delivery.from_db(None, ALL, row) for row in _held(keys=keys))
    rows = {(row.recipient_id, row.announcement_id): row for row in found}
    said = publishing.askings(ids={about for _by, about in rows})
    unmeasured = _unmeasured(batches, rows.values())
    before = {key: as_facts(row) for key, row in rows.items()}
    changed = set[Key]()
    recorded = []
    for batch in batches:
        outcomes = []
        for receipt in sorted(batch.receipts, key=_when):
            key = batch.by, receipt.announcement_id
            row = rows.get(key)
            if row and receipt.fact == "read" and row.workspace_id in unmeasured:
                receipt = replace(receipt, fact="opened")
            outcomes.append(_note(row, said.get(receipt.announcement_id), receipt, batch.now))
            if outcomes[-1] == "accepted":
                changed.add(key)
        recorded.append(Recorded(*(outcomes.count(name) for name in ("accepted", "unchanged", "dropped"))))
    _write({key: rows[key] for key in sorted(changed)}, before)
    return recorded


_together = Together(_record)


def _unmeasured(batches: Sequence[_Batch], rows: Collection[models.Delivery]) -> set[int]:
    """Return the workspaces whose privacy profile has no reading times: what a client measured as read counts as opened there."""
    if all(receipt.fact != "read" for batch in batches for receipt in batch.receipts):
        return set()
    profiles = people.privacies(workspace_ids={row.workspace_id for row in rows})
    return {workspace_id for workspace_id, privacy in profiles.items() if privacy == "works_council"}


def _note(row: models.Delivery | None, said: publishing.Asking | None, receipt: Receipt, now: datetime) -> str:
    if row is None or row.delivered_at > now or said is None:
        return "dropped"
    if receipt.fact == "unacknowledged":
        return _take_back(row, receipt, now)
    if said.withdrawn or not _may_be(row, said, receipt):
        return "dropped"
    at = max(min(receipt.at, now), row.delivered_at)
    if receipt.fact == "saved" or receipt.fact == "unsaved":
        return "accepted" if _save(row, receipt.fact, at) else "unchanged"
    if row.forgotten_at and receipt.fact != "acknowledged":
        return "dropped"
    implies = receipt.fact in FACTS and not row.forgotten_at
    implied = FACTS[: FACTS.index(receipt.fact)] if implies else ()
    changed = [_first(row, fact, at, receipt.channel) for fact in implied]
    changed.append(
        _acknowledge(row, receipt, at)
        if receipt.fact == "acknowledged"
        else _first(row, receipt.fact, at, receipt.channel)
    )
    return "accepted" if any(changed) else "unchanged"


def _when(receipt: Receipt) -> datetime:
    return receipt.at


def _save(row: models.Delivery, word: Saving, at: datetime) -> bool:
    """Put it on its reader's list, or take it off, unless they have said something later; return whether that changed anything."""
    if word == "unsaved" and row.forgotten_at and not row.saved_at:
        return False
    last, known = row.saved_at or row.unsaved_at or row.forgotten_at, bool(row.saved_at) == (word == "saved")
    if last and (at < last or (at == last and known)):
        return False
    row.saved_at = at if word == "saved" else None
    row.unsaved_at = at if word == "unsaved" and not row.forgotten_at else None
    return True


def _acknowledge(row: models.Delivery, receipt: Receipt, at: datetime) -> bool:
    """Acknowledge it; return whether that changed anything. What two receipts say is taken back with neither of them."""
    own = _id(receipt.client_id)
    sole = own if row.acknowledged_at is None or row.acknowledged_receipt == own else ""
    changed = sole != row.acknowledged_receipt
    row.acknowledged_receipt = sole
    if _first(row, "acknowledged", at, receipt.channel):
        row.acknowledged_version = receipt.version
        return True
    return changed


def _take_back(row: models.Delivery, receipt: Receipt, now: datetime) -> str:
    """Let an acknowledgement count no more, come or yet to come; return what became of that."""
    taken = _id(receipt.takes_back)
    if not taken or is_undone(row, taken):
        return "unchanged"
    if row.acknowledged_receipt == taken:
        if row.acknowledged_at and row.acknowledged_at <= now - BEARS:
            return "dropped"
        for name, value in UNACKNOWLEDGED.items():
            setattr(row, name, value)
    undo(row, taken)
    return "accepted"


def undo(row: models.Delivery, taken: str) -> None:
    """Keep in mind that an acknowledgement was taken back, by its receipt, and some before it."""
    row.undone_before = " ".join(_undone(row)[: MOST_UNDONE - 1])
    row.undone_receipt = taken


def is_undone(row: models.Delivery, receipt: UUID | str) -> bool:
    """Tell whether an acknowledgement was taken back by its receipt."""
    return _id(receipt) in _undone(row)


def _undone(row: models.Delivery) -> list[str]:
    return [row.undone_receipt, *row.undone_before.split()] if row.undone_receipt else []


def _may_be(row: models.Delivery, said: publishing.Asking, receipt: Receipt) -> bool:
    """Tell whether what is said may be of an announcement that asks what it asks."""
    if receipt.fact == "dismissed":
        return not said.ask_acknowledge
    if receipt.fact != "acknowledged":
        return True
    asked = said.ask_acknowledge and row.asked_version <= (receipt.version or 0) <= said.version
    return asked and not (receipt.client_id and _is_taken_back(row, receipt))


def _is_taken_back(row: models.Delivery, receipt: Receipt) -> bool:
    """Tell whether an acknowledgement was: by its receipt, or because they undid it later elsewhere."""
    return is_undone(row, receipt.client_id) or (row.undone_at is not None and receipt.at <= row.undone_at)


def _id(name: UUID | str | None) -> str:
    return str(name or "")[:64]


def _first(row: models.Delivery, fact: Fact, at: datetime, channel: Channel) -> bool:
    known: datetime | None = getattr(row, f"{fact}_at")
    if known is not None and known <= at:
        return False
    setattr(row, f"{fact}_at", at)
    setattr(row, f"{fact}_via", channel)
    return True


def _write(changed: Rows, before: Mapping[Key, DeliveryFacts]) -> None:
    """Write these rows, which are held, and tell what moved."""
    if not changed:
        return
    written = WRITTEN if any(map(_more, changed.values())) else READ
    rows = [[row.pk, *(getattr(row, name) for name in written)] for row in changed.values()]
    bulk.update(models.Delivery, written, rows)
    moves = defaultdict[int, list[Moved]](list)
    for (by, about), row in changed.items():
        if (after := as_facts(row)) != before[by, about]:
            moves[row.workspace_id].append(Moved(about, by, before[by, about], after))
    for workspace_id, theirs in moves.items():
        _told.tell(workspace_id, theirs)
    _counts.recount(
        {key[1] for key, row in changed.items() if bool(row.acknowledged_at) != bool(before[key].acknowledged_at)}
    )
    _feed.bump({by for by, _about in changed})


def _more(row: models.Delivery) -> bool:
    """Tell whether a row says more than how it was read; what was taken off a list leaves nothing behind once reading is forgotten."""
    more = row.acknowledged_at or row.undone_receipt or row.dismissed_at or row.saved_at or row.unsaved_at
    return bool(more or row.forgotten_at)
