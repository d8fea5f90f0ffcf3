"""What requests and answers are made of: strict fields, so that what the schema says is what is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from announcements.kernel import clocks, errors

MAX_ID = 2**63 - 1
# From any day of these one can reckon on, some weeks or clocks further, and is within the calendar still.
YEARS = range(2000, 9000)


class Given(serializers.Serializer[Any]):
    """A request's body or query. A field it does not know is an error, never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the checked values; raise with every field that is wrong or unknown."""
        unknown = self._unknown(data)
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as problem:
            raise serializers.ValidationError({**unknown, **problem.detail}) from None  # type: ignore[dict-item]  # of a serializer it is a dict
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def _unknown(self, data: Any) -> dict[str, list[str]]:
        if not isinstance(data, Mapping):
            return {}
        known = ", ".join(self.fields)
        said = [str(_("There is no such field. Allowed: %(known)s.") % {"known": known or "—"})]
        return {_printable(name): said for name in data if name not in self.fields}


def _printable(name: object) -> str:
    return str(name)[:80].encode("utf-8", "backslashreplace").decode()


def given(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the checked body of a request."""
    return _checked(shape(data=request.data))


def asked(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the checked query of a request."""
    return _checked(shape(data=request.query_params.dict()))


def _checked(shape: serializers.Serializer[Any]) -> dict[str, Any]:
    shape.is_valid(raise_exception=True)
    values: dict[str, Any] = shape.validated_data
    return values


class Nothing(Given):
    """An empty body."""


class Text(serializers.CharField):
    """Text, and nothing that would have to be turned into it. Doors tidy it; here it is measured as it came."""

    default_error_messages = {"max_length": _("At most {max_length} characters.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the text; refuse numbers."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Number(serializers.IntegerField):
    """A whole number, written as one."""

    def to_internal_value(self, data: Any) -> int:
        """Return the number; refuse text and truth values."""
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Id(Number):
    """An id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_ID, **options)


class Hours(serializers.FloatField):
    """A number of hours."""

    def to_internal_value(self, data: Any) -> float:
        """Return the number; refuse text and truth values."""
        if not isinstance(data, int | float) or isinstance(data, bool):
            self.fail("invalid")
        return float(super().to_internal_value(data))


class Flag(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        """Return the truth value; refuse what only looks like one."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Zone(Text):
    """An IANA time zone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, help_text="IANA time zone, such as Europe/Lisbon.", **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the zone's name; refuse one that does not exist."""
        name = super().to_internal_value(data)
        if name not in clocks.zones():
            raise serializers.ValidationError(_("Unknown time zone. Use an IANA name such as Europe/Lisbon."))
        return name


def need_something(values: Mapping[str, Any]) -> None:
    """Refuse a change that changes nothing."""
    if not values:
        raise errors.Invalid({"": [str(_("Name at least one field to change."))]})


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "example": "09:00"})
class Clock(serializers.TimeField):
    """A time of day, such as 09:00."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **options)

    def to_internal_value(self, value: Any) -> Any:
        """Return the time; refuse one with seconds or without a leading zero."""
        if not isinstance(value, str) or len(value) != len("09:00"):
            self.fail("invalid", format="HH:MM")
        return super().to_internal_value(value)
