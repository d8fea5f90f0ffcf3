"""The trail, as its owners meet it."""

from __future__ import annotations

from datetime import datetime

from announcements.people import services as people
from tests.web.conftest import signed_in


def test_owners_see_who_did_what_and_can_filter_it(olga: people.Person, maya: people.Person, at: datetime) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=at)
    browser = signed_in(olga)

    page = browser.get("/settings/audit").content.decode()
    other = browser.get("/settings/audit", {"verb": "deactivated"}).content.decode()
    wrong = browser.get("/settings/audit", {"since": "yesterday"})

    assert "changed the role of" in page and "from: member; to: admin" in page
    assert "Nothing of this kind has happened" in other
    assert wrong.status_code == 422 and "Datetime has wrong format" in wrong.content.decode()
    assert signed_in(maya).get("/settings/audit").status_code == 403
