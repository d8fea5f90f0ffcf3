"""Doors refuse in four kinds, with words for people and a code for machines."""

from __future__ import annotations

import pytest

from announcements.kernel import errors


class AlreadyPublished(errors.Conflict):
    """It is out."""

    code = "already_published"


@pytest.mark.parametrize(
    ("kind", "code"),
    [(errors.Forbidden, "forbidden"), (errors.Conflict, "conflict"), (AlreadyPublished, "already_published")],
)
def test_a_refusal_carries_a_sentence_and_a_code(kind: type[errors.Refused], code: str) -> None:
    refusal = kind("This is out already.")

    assert (str(refusal), refusal.message, refusal.code) == ("This is out already.", "This is out already.", code)


def test_one_refusal_may_name_its_own_code() -> None:
    assert errors.Conflict("No.", code="too_late").code == "too_late"
    assert errors.Conflict("No.").code == "conflict"


def test_not_found_tells_nothing_of_what_was_looked_for() -> None:
    assert str(errors.NotFound()) == "There is nothing here for you."


def test_invalid_names_each_field() -> None:
    given = {"title": ["Too long.", "Too loud."], "body": ["Empty."]}

    refusal = errors.Invalid(given)

    assert refusal.fields == given
    assert str(refusal) == "Too long.; Too loud.; Empty."


def test_what_was_said_does_not_change_afterwards() -> None:
    given = {"title": ["Too long."]}
    refusal = errors.Invalid(given)

    given["title"].append("Too loud.")

    assert refusal.fields == {"title": ["Too long."]}
