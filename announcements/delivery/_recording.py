"""Writing facts about reading: first times win, recording twice changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.delivery import _counts, _feed, _told, models
from announcements.delivery._values import FACTS, Channel, Fact, Moved, Receipt, Recorded, as_facts
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

MOST = 500
WRITTEN = [f"{fact}_{what}" for fact in (*FACTS, "dismissed") for what in ("at", "via")]
WRITTEN += ["acknowledged_version", "acknowledged_receipt"]


@transaction.atomic
def record(*, by: int, receipts: Sequence[Receipt], now: datetime) -> Recorded:
    """Record up to 500 facts of one reader, in any order, however late; raise Invalid for more.

    Dropped and counted is a fact about what is not theirs, an acknowledgement of another version than those that are
    asked for, or of before they took one back, and dismissing what they are asked to acknowledge;
    how something was read whose reading is forgotten by age, too. A clock ahead counts as now, one behind as the delivery.
    """
    if len(receipts) > MOST:
        raise errors.Invalid({"receipts": [_("At most %(most)d at once.") % {"most": MOST}]})
    ids = {receipt.announcement_id for receipt in receipts}
    rows = {
        row.announcement_id: row
        # In one order, so that nobody waits for somebody who waits for them.
        for row in models.Delivery.objects.select_for_update()
        .filter(recipient_id=by, announcement_id__in=ids, delivered_at__lte=now)
        .order_by("id")
    }
    said = publishing.askings(ids=rows)
    receipts = _by_profile(receipts, rows.values())
    before = {id: as_facts(row) for id, row in rows.items()}
    outcomes = [_note(rows.get(r.announcement_id), said.get(r.announcement_id), r, now) for r in receipts]
    changed = sorted(
        {r.announcement_id for r, outcome in zip(receipts, outcomes, strict=True) if outcome == "accepted"}
    )
    if changed:
        _write([rows[id] for id in changed])
        moves = [Moved(id, by, before[id], as_facts(rows[id])) for id in changed]
        _told.tell(rows[changed[0]].workspace_id, moves)
        _counts.recount([id for id in changed if rows[id].acknowledged_at])
        _feed.bump([by])
    return Recorded(*(outcomes.count(name) for name in ("accepted", "unchanged", "dropped")))


def _by_profile(receipts: Sequence[Receipt], rows: Collection[models.Delivery]) -> Sequence[Receipt]:
    """Leave out reading times where the privacy profile has none: what a client measured as read counts as opened."""
    if all(receipt.fact != "read" for receipt in receipts):
        return receipts
    workspaces = {row.workspace_id for row in rows}
    if not any(people.workspace(workspace_id=id).privacy == "works_council" for id in workspaces):
        return receipts
    return [replace(receipt, fact="opened") if receipt.fact == "read" else receipt for receipt in receipts]


def _note(row: models.Delivery | None, said: publishing.Asking | None, receipt: Receipt, now: datetime) -> str:
    if row is None or said is None or said.withdrawn:
        return "dropped"
    if receipt.fact == "acknowledged" and not _stands(row, said, receipt):
        return "dropped"
    if receipt.fact == "dismissed" and said.ask_acknowledge:
        return "dropped"
    at = max(min(receipt.at, now), row.delivered_at)
    if row.forgotten_at and receipt.fact != "acknowledged":
        return "dropped"
    implies = receipt.fact in FACTS and not row.forgotten_at
    implied = FACTS[: FACTS.index(receipt.fact)] if implies else ()
    changed = [_first(row, fact, at, receipt.channel) for fact in (*implied, receipt.fact)]
    if receipt.fact == "acknowledged" and changed[-1]:
        row.acknowledged_version = receipt.version
        row.acknowledged_receipt = _id(receipt)
    return "accepted" if any(changed) else "unchanged"


def _stands(row: models.Delivery, said: publishing.Asking, receipt: Receipt) -> bool:
    """Tell whether it confirms what is asked for, and was not taken back: by its id, or because they undid it later elsewhere."""
    if not said.ask_acknowledge or not row.asked_version <= (receipt.version or 0) <= said.version:
        return False
    if row.undone_at is None or not receipt.client_id:
        return True
    return _id(receipt) != row.undone_receipt and receipt.at > row.undone_at


def _id(receipt: Receipt) -> str:
    return str(receipt.client_id)[:64]


def _first(row: models.Delivery, fact: Fact, at: datetime, channel: Channel) -> bool:
    known: datetime | None = getattr(row, f"{fact}_at")
    if known is not None and known <= at:
        return False
    setattr(row, f"{fact}_at", at)
    setattr(row, f"{fact}_via", channel)
    return True


def _write(rows: Sequence[models.Delivery]) -> None:
    # They exist and are locked, so each is a conflict: an upsert writes many at once, for less than UPDATE with CASE.
    models.Delivery.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["announcement_id", "recipient_id"], update_fields=WRITTEN
    )
