"""Who was asked in and then deactivated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from tests.joining.conftest import arrival, key_in, nadia

Post = Callable[..., list[Any]]


def test_who_was_deactivated_before_they_came_is_written_to_no_more_and_their_link_is_dead(
    olga: people.Person, post: Post, now: datetime
) -> None:
    invited = joining.invite(by=olga.id, who=nadia(), now=now)
    token = key_in(post()[0])
    joining.resend(by=olga.id, invitation_id=invited.id, now=now)
    people.deactivate(by=olga.id, person_id=invited.person_id, now=now)

    with pytest.raises(joining.LinkDead):
        joining.way_in(token=token, now=now)
    with pytest.raises(joining.LinkDead):
        joining.accept(token=token, arrival=arrival(), now=now)
    with pytest.raises(errors.Conflict, match="deactivated"):
        joining.resend(by=olga.id, invitation_id=invited.id, now=now)
    assert not joining.remind(email=invited.email, now=now)
    assert post() == []

    people.reactivate(by=olga.id, person_id=invited.person_id, now=now)
    assert joining.accept(token=token, arrival=arrival(), now=now).state == "active"
