"""What our mails say of themselves: their list, their words, the side they begin at."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from tests.delivery.mailing import HOUR, reach, sink, tick
from tests.journeys.sink import Sink

__all__ = ["sink"]


@pytest.mark.parametrize("name", ["Northwind", "Nørdwind Fraktføring", "Smith, Jones & Søn"])
def test_a_list_keeps_its_id_whatever_the_company_is_called(
    olga: people.Person, ines: people.Person, operations: people.Group, sink: Sink, now: datetime, name: str
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(name=name), now=now)
    reach(ines, operations, now)

    tick(now + HOUR)

    given = str(sink.mails[0]["List-Id"])
    assert given.endswith(f"<{olga.workspace_id}.mantel.hub.test>")
    assert name in given


def test_a_nudge_calls_itself_a_nudge(ines: people.Person, operations: people.Group, sink: Sink, now: datetime) -> None:
    reach(ines, operations, now)

    tick(now + HOUR)

    said = "".join(part.get_content() for part in sink.mails[0].walk() if part.get_content_maintype() == "text")
    assert "Nudge 1 of 1" in said
    assert "eminder" not in said


@pytest.mark.parametrize(("language", "side"), [("en", "left"), ("ar", "right")])
def test_a_mail_begins_where_its_language_does(language: str, side: str) -> None:
    with translation.override(language):
        head = render_to_string("email/_head.mjml")

    assert head.count(f'align="{side}"') == head.count("align=") == 2


def test_a_digest_that_is_none_is_refused_at_its_field(maya: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refused:
        delivery.set_preference(by=maya.id, digest="hourly", now=now)

    assert refused.value.fields == {"digest": ["Use one of: daily, weekly, never."]}
