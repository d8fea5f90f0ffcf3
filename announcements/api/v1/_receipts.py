"""Receipts as they are sent, and read fast: a tab sends hundreds at once, and they are nearly always right."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from announcements.api.shapes import MAX_ID, YEARS, Given, Id, Number, given
from announcements.delivery import services as delivery

CHANNELS = get_args(delivery.Channel)
FACTS = (*get_args(delivery.Fact), *get_args(delivery.Saving), *get_args(delivery.TakingBack))
MOST = 500
NEEDED = frozenset(("client_id", "announcement_id", "fact", "at", "channel"))
KNOWN = NEEDED | {"version", "takes_back"}


class ReceiptGiven(Given):
    """A fact about reading; or what I say of my own list for later: `saved`, `unsaved`. Of that the last word counts, and it is told to nobody.

    `unacknowledged` takes back an acknowledgement of which I never heard whether it had arrived, and no other; it is dropped where that
    one has stood for a week.
    """

    client_id = serializers.UUIDField(help_text="Chosen by the client, so that a receipt may be sent twice.")
    announcement_id = Id()
    fact = serializers.ChoiceField(FACTS)
    at = serializers.DateTimeField()
    channel = serializers.ChoiceField(CHANNELS)
    version = Number(min_value=1, required=False, allow_null=True, default=None)
    takes_back = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="For `unacknowledged`, and for nothing else: the `client_id` of that acknowledgement.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse to take back nothing in particular, and what names something that it does not take back."""
        if problem := _amiss(attrs["fact"], attrs["takes_back"]):
            raise serializers.ValidationError({"takes_back": [problem]})
        return attrs


class ReceiptsGiven(Given):
    """Up to 500 facts, in any order."""

    receipts = serializers.ListField(child=ReceiptGiven(), min_length=1, max_length=MOST)


def receipts_of(request: Request) -> list[delivery.Receipt]:
    """Return the receipts of a request; raise with what is wrong in it."""
    receipts = quick(request.data)
    if receipts is None:
        receipts = [delivery.Receipt(**receipt) for receipt in given(ReceiptsGiven, request)["receipts"]]
    return receipts


def quick(data: Any) -> list[delivery.Receipt] | None:
    """Return the receipts of a body that is plainly right; None when the serializer should say what is wrong, if anything."""
    if not isinstance(data, dict) or data.keys() != {"receipts"}:
        return None
    given = data["receipts"]
    if not isinstance(given, list) or not 0 < len(given) <= MOST:
        return None
    try:
        return [_one(each) for each in given]
    except (TypeError, ValueError, AttributeError):
        return None


def _one(each: dict[str, Any]) -> delivery.Receipt:
    if not NEEDED <= each.keys() <= KNOWN:
        raise ValueError
    at = datetime.fromisoformat(each["at"])
    if at.tzinfo is None or at.year not in YEARS or each["fact"] not in FACTS or each["channel"] not in CHANNELS:
        raise ValueError
    version, taken = each.get("version"), each.get("takes_back")
    if _amiss(each["fact"], taken):
        raise ValueError
    return delivery.Receipt(
        client_id=UUID(each["client_id"]),
        announcement_id=_whole(each["announcement_id"]),
        fact=each["fact"],
        at=at,
        channel=each["channel"],
        version=None if version is None else _whole(version),
        takes_back=None if taken is None else UUID(taken),
    )


def _amiss(fact: str, takes_back: object) -> str:
    """Say what is wrong with what a fact takes back; nothing where it is right."""
    if fact == "unacknowledged":
        return "" if takes_back else _("Name the acknowledgement that is taken back.")
    return _("Only `unacknowledged` takes something back.") if takes_back else ""


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 < value <= MAX_ID:
        raise ValueError
    return value
