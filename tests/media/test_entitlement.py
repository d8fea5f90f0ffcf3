"""Who sees an image: its uploader, and who may read what shows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.media import services as media
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join
from tests.media.conftest import Sees, ready, showing
from tests.pictures import picture


def test_before_a_text_shows_it_only_its_uploader_sees_it(
    image: media.Image, sees: Sees, ines: people.Person, olga: people.Person, maya: people.Person
) -> None:
    assert [sees(person) for person in (ines, olga, maya)] == [200, 404, 404]


def test_in_a_draft_its_managers_see_it(
    shown: int, sees: Sees, ines: people.Person, olga: people.Person, adam: people.Person,
    hugo: people.Person, maya: people.Person,
) -> None:  # fmt: skip
    assert [sees(person) for person in (ines, olga, adam)] == [200, 200, 200]
    assert [sees(person) for person in (hugo, maya)] == [404, 404]


def test_once_it_is_out_its_audience_sees_it_and_nobody_besides(
    out: int, sees: Sees, nobody: Any, image: media.Image, olga: people.Person, ines: people.Person, maya: people.Person,
    hugo: people.Person, charlie: people.Person, now: datetime,
) -> None:  # fmt: skip
    outsider = join(olga, "Otto Outside", "UTC", now)

    assert [sees(person) for person in (ines, olga, hugo, maya)] == [200] * 4
    assert [sees(person) for person in (outsider, charlie)] == [404, 404]
    assert nobody.browser.get(image.src).status_code == 401


def test_who_joins_its_audience_later_sees_it(
    out: int, sees: Sees, olga: people.Person, operations: people.Group, now: datetime
) -> None:
    late = join(olga, "Late Larsen", "UTC", now)
    assert sees(late) == 404

    people.add_member(by=olga.id, group_id=operations.id, person_id=late.id, now=now)

    assert sees(late) == 200


def test_who_is_deactivated_sees_it_no_more(
    out: int, image: media.Image, api: Any, olga: people.Person, ines: people.Person, maya: people.Person, now: datetime
) -> None:
    browsers = [api(person).browser for person in (maya, ines)]
    assert [browser.get(image.src).status_code for browser in browsers] == [200, 200]

    for person in (maya, ines):
        people.deactivate(by=olga.id, person_id=person.id, now=now)

    assert all(browser.get(image.src).status_code in {401, 404} for browser in browsers)
    for person in (maya, ines):
        with pytest.raises(errors.NotFound):
            delivery.image(by=person.id, key=image.key, now=now)


def test_after_withdrawing_only_its_managers_see_it(
    out: int,
    sees: Sees,
    ines: people.Person,
    olga: people.Person,
    hugo: people.Person,
    maya: people.Person,
    now: datetime,
) -> None:
    publishing.withdraw(announcement_id=out, by=ines.id, reason="Wrong dock.", now=now)

    assert [sees(person) for person in (ines, olga, hugo)] == [200, 200, 200]
    assert sees(maya) == 404


def test_after_a_correction_readers_see_only_what_it_says_now(
    out: int, sees: Sees, olga: people.Person, ines: people.Person, maya: people.Person, now: datetime
) -> None:
    words = publishing.Draft(body="<p>Without the picture.</p>")
    publishing.correct(announcement_id=out, by=ines.id, draft=words, change="typo", now=now)

    assert [sees(person) for person in (olga, ines, maya)] == [200, 200, 404]
    assert media.remove_unused(now=now + timedelta(days=400)) == 0, "an earlier version shows it"


def test_knowing_an_address_is_not_enough_to_show_it(
    shown: int, image: media.Image, sees: Sees, hugo: people.Person, charlie: people.Person, now: datetime
) -> None:
    for person in (hugo, charlie):
        with pytest.raises(errors.Invalid, match="not yours") as refusal:
            publishing.create(by=person.id, draft=showing(image), now=now)

        assert list(refusal.value.fields) == ["body"]
        assert publishing.written(by=person.id) == []
        assert sees(person) == 404


def test_a_picture_that_was_never_here_is_told_at_the_body(
    draft: publishing.Announcement, ines: people.Person, api: Any
) -> None:
    gone = f'<img src="/api/v1/images/{"0" * 32}/file">'

    answer = api(ines).patch(f"announcements/{draft.id}", {"body": gone})

    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == ["body"]
    assert publishing.get(announcement_id=draft.id).body == draft.body


def test_who_manages_it_may_show_it_again(
    out: int, image: media.Image, sees: Sees, olga: people.Person, hugo: people.Person, now: datetime
) -> None:
    for person in (olga, hugo):
        again = publishing.create(by=person.id, draft=showing(image), now=now)
        assert again.id in {use.announcement_id for use in media.uses(key=image.key)}


def test_an_admin_adds_to_a_draft_of_somebody_else(
    shown: int, image: media.Image, olga: people.Person, ines: people.Person, api: Any, now: datetime
) -> None:
    hers = ready(media.upload(by=olga.id, content=picture(), now=now), now)

    publishing.revise(announcement_id=shown, by=olga.id, draft=showing(image, hers), now=now)
    publishing.revise(announcement_id=shown, by=ines.id, draft=showing(hers), now=now)

    assert api(ines).browser.get(hers.src).status_code == 200


def test_what_could_not_be_read_does_not_go_out(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    from tests.media.test_upload import png

    image = media.upload(by=ines.id, content=png(2400, 2000), now=now)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=showing(image), now=now)
    assert ready(image, now).state == "failed"

    with pytest.raises(errors.Invalid, match="could not be read") as refusal:
        publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    assert list(refusal.value.fields) == ["body"]


def test_a_correction_adds_nothing_that_could_not_be_read(out: int, ines: people.Person, now: datetime) -> None:
    from tests.media.test_upload import png

    image = media.upload(by=ines.id, content=png(2400, 2000), now=now)
    said = {"announcement_id": out, "by": ines.id, "change": "typo", "now": now}
    publishing.correct(draft=showing(image), **said)  # type: ignore[arg-type]  # as named; nobody knows yet
    assert ready(image, now).state == "failed"
    publishing.correct(draft=showing(image), **said)  # type: ignore[arg-type]  # what stands there already keeps nobody
    publishing.correct(draft=publishing.Draft(body="<p>Look.</p>"), **said)  # type: ignore[arg-type]  # as named

    with pytest.raises(errors.Invalid, match="could not be read") as refusal:
        publishing.correct(draft=showing(image), **said)  # type: ignore[arg-type]  # as named

    assert list(refusal.value.fields) == ["body"]


def test_what_nothing_shows_is_gone_after_a_week(
    shown: int,
    image: media.Image,
    ines: people.Person,
    now: datetime,
    storage: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    idle = ready(media.upload(by=ines.id, content=picture(), now=now), now)
    week = now + timedelta(days=7)
    assert media.remove_unused(now=week - timedelta(minutes=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert media.remove_unused(now=week) == 1
    with pytest.raises(errors.NotFound):
        media.get(key=idle.key)
    assert not list(storage.rglob(f"{idle.key}*")) and list(storage.rglob(f"{image.key}*"))

    publishing.discard(announcement_id=shown, by=ines.id, now=week)
    assert media.remove_unused(now=week + timedelta(days=7)) == 0  # it may yet be fetched back
    week += timedelta(days=7)
    assert publishing.empty_bin(now=week) == 1

    assert media.remove_unused(now=week + timedelta(days=6)) == 0
    assert media.remove_unused(now=week + timedelta(days=7)) == 1


def test_a_new_tab_shows_what_its_person_reads_and_nothing_that_they_may_see_otherwise(
    out: int, holding: Any, key: Any, image: media.Image, olga: people.Person, ines: people.Person, maya: people.Person,
    charlie: people.Person, now: datetime,
) -> None:  # fmt: skip
    def tab(person: people.Person) -> int:
        status: int = holding(key(person, "feed:read")).get(f"tab/pictures/{image.key}").status_code
        return status

    outsider = join(olga, "Otto Outside", "UTC", now)
    assert [tab(person) for person in (maya, outsider, charlie)] == [200, 404, 404]

    unused = ready(media.upload(by=ines.id, content=picture((40, 30)), now=now), now)
    assert delivery.image(by=ines.id, key=unused.key, now=now) == unused
    assert holding(key(ines, "feed:read")).get(f"tab/pictures/{unused.key}").status_code == 404
