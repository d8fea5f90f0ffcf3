"""Rules: what they may ask, whom they match, how they read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, get_args

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements.kernel import errors
from announcements.people import _checks, models
from announcements.people._group_values import Condition, Rule, RuleField, RuleMatch, RuleTest

MOST_CONDITIONS = 10
ROLES = ("member", "admin", "owner")
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "is": str.__eq__,
    "contains": str.__contains__,
    "starts_with": str.startswith,
}
_FIELDS: dict[str, Promise] = {
    "location": gettext_lazy("location"),
    "title": gettext_lazy("title"),
    "timezone": gettext_lazy("time zone"),
    "locale": gettext_lazy("language"),
    "role": gettext_lazy("role"),
}
_SENTENCES: dict[str, Promise] = {
    "is": gettext_lazy("%(field)s is %(value)s"),
    "contains": gettext_lazy("%(field)s contains %(value)s"),
    "starts_with": gettext_lazy("%(field)s starts with %(value)s"),
}


def checked(rule: Rule) -> dict[str, Any] | None:
    """Return a rule as it is stored, tidy; None for one without conditions. Raise Invalid by field."""
    if not rule.conditions:
        return None
    _checks.one_of("rule.match", rule.match, get_args(RuleMatch))
    if len(rule.conditions) > MOST_CONDITIONS:
        raise errors.Invalid({"rule.conditions": [_("At most %(most)d conditions.") % {"most": MOST_CONDITIONS}]})
    return {
        "match": rule.match,
        "conditions": [_condition(f"rule.conditions.{n}", one) for n, one in enumerate(rule.conditions)],
    }


def _condition(place: str, given: Condition) -> dict[str, str]:
    field = _checks.one_of(f"{place}.field", given.field, get_args(RuleField))
    test = _checks.one_of(f"{place}.test", given.test, get_args(RuleTest))
    value = _checks.label(f"{place}.value", given.value)
    if (field, test) == ("role", "is"):
        value = _checks.one_of(f"{place}.value", value.casefold(), ROLES)
    if (field, test) == ("timezone", "is"):
        value = _checks.zone(value, field=f"{place}.value")
    return {"field": field, "test": test, "value": value}


def as_rule(stored: dict[str, Any] | None) -> Rule | None:
    """Return the value of what is stored."""
    if stored is None:
        return None
    return Rule(conditions=tuple(Condition(**one) for one in stored["conditions"]), match=stored["match"])


def in_words(rule: Rule | None) -> str:
    """Return a rule as one would say it: location is Porto and title contains driver. Empty without one."""
    if rule is None:
        return ""
    said = [str(_SENTENCES[one.test]) % {"field": _FIELDS[one.field], "value": one.value} for one in rule.conditions]
    return (_(" and ") if rule.match == "all" else _(" or ")).join(said)


def matching(workspace_id: int, rule: Rule, person_ids: Collection[int] | None = None) -> set[int]:
    """Return whom a rule matches of a workspace, or of these people there; never who is deactivated.

    Compared here and not by the database, so that case and accents mean the same whatever it is.
    """
    rows = models.Person.objects.of(workspace_id).filter(deactivated_at=None)
    if person_ids is not None:
        rows = rows.filter(pk__in=person_ids)
    asked = [(one.field, _TESTS[one.test], _checks.same_name(one.value)) for one in rule.conditions]
    fields = sorted({field for field, _test, _value in asked})
    holds = all if rule.match == "all" else any

    def matches(facts: dict[str, str]) -> bool:
        return holds(test(_checks.same_name(facts[field]), value) for field, test, value in asked)

    found: Iterable[dict[str, Any]] = rows.values("pk", *fields).iterator(chunk_size=2000)
    return {facts["pk"] for facts in found if matches(facts)}
