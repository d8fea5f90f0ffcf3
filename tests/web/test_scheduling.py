"""The writing form says when an announcement goes out; until then it waits on a page that takes it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.conftest import join
from tests.web.conftest import signed_in

Browse = Callable[..., Page]
FORM = {"title": "Dock 4 closes", "summary": "Use dock 6.", "body": "From *Monday* on.", "format": "markdown"}


def sent(by: people.Person, group: people.Group, **more: Any) -> Any:
    return signed_in(by).post("/announcements/new", FORM | {"group": group.id, "do": "publish"} | more)


def only(by: people.Person, at: datetime) -> publishing.Announcement:
    [item] = publishing.mine(by=by.id, now=at)
    return item


@pytest.mark.django_db
def test_a_day_and_time_are_on_the_author_s_clock(ines: people.Person, operations: people.Group, at: datetime) -> None:
    answer = sent(ines, operations, when="later", day="2030-07-01", time="09:30")

    item = only(ines, at)
    assert answer["Location"] == f"/a/{item.id}/edit"
    assert item.scheduled_for and item.scheduled_for.isoformat() == "2030-07-01T07:30:00+00:00"
    page = signed_in(ines).get(f"/a/{item.id}/edit").content.decode()
    assert "Monday 1 July, 09:30 in Amsterdam, for everybody at once." in page


@pytest.mark.django_db
def test_its_kind_is_chosen_while_it_is_written(ines: people.Person, operations: people.Group, at: datetime) -> None:
    browser = signed_in(ines)
    browser.post("/announcements/new", FORM | {"group": operations.id, "kind": "policy", "do": "save"})
    item = only(ines, at)
    assert item.kind == "policy"
    assert '<option value="policy" selected>' in browser.get(f"/a/{item.id}/edit").content.decode()

    refused = browser.post(f"/a/{item.id}/edit", FORM | {"kind": "rumor", "do": "save"})

    assert refused.status_code == 422 and "fault_kind" in refused.content.decode()
    assert only(ines, at).kind == "policy"


@pytest.mark.django_db
def test_or_on_each_person_s_own_clock(ines: people.Person, operations: people.Group, at: datetime) -> None:
    sent(ines, operations, when="later", day="2030-07-01", time="09:00", own_clock="on")

    item = only(ines, at)
    assert item.own_clock == publishing.OwnClock(date(2030, 7, 1), time(9))
    page = signed_in(ines).get(f"/a/{item.id}/edit").content.decode()
    assert "Monday 1 July at 09:00, on each person's own clock." in page


@pytest.mark.django_db
def test_taken_off_the_schedule_it_is_a_draft_to_write_on(
    ines: people.Person, operations: people.Group, at: datetime
) -> None:
    sent(ines, operations, when="later", day="2030-07-01", time="09:30")
    item = only(ines, at)

    answer = signed_in(ines).post(f"/a/{item.id}/edit", {"do": "unschedule"}, follow=True)

    assert only(ines, at).state(at) == "draft"
    assert "Dock 4 closes" in answer.content.decode() and "Save the draft" in answer.content.decode()


@pytest.mark.django_db
def test_it_is_taken_off_the_schedule_from_its_own_page_by_who_may_change_it(
    ines: people.Person, olga: people.Person, operations: people.Group, at: datetime
) -> None:
    sent(ines, operations, when="later", day="2030-07-01", time="09:30")
    item = only(ines, at)
    colleague = join(olga, "Hugo Prins", "Europe/Amsterdam", at)
    people.add_member(by=olga.id, group_id=operations.id, person_id=colleague.id, role="manager", now=at)
    says = "Take it off the schedule and edit"

    page = signed_in(ines).get(f"/a/{item.id}").content.decode()

    assert says in page and f'action="/a/{item.id}/edit"' in page
    assert says not in signed_in(colleague).get(f"/a/{item.id}").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
@needs_chromium
def test_on_a_phone_the_way_back_and_the_last_look_stand_in_one_line(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime
) -> None:
    said = publishing.Draft(title="Dock 4 closes", audience=people.Audience(group_ids=(operations.id,)))
    draft = publishing.create(by=ines.id, draft=said, now=at)
    page = browse(ines, viewport=PHONE)

    page.goto(f"/a/{draft.id}/preview")

    back, review = page.get_by_role("link", name="Back to writing"), page.get_by_role("link", name="Review")
    boxes = [found.bounding_box() for found in (back, review)]
    assert boxes[0] and boxes[1] and boxes[0]["x"] < boxes[1]["x"]
    assert abs(boxes[0]["y"] + boxes[0]["height"] / 2 - boxes[1]["y"] - boxes[1]["height"] / 2) < 4
    looked(page)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("when", "says"),
    [
        ({"day": "2020-01-01", "time": "09:00"}, "still to come"),
        ({"day": "2020-01-01", "time": "09:00", "own_clock": "on"}, "has passed already"),
        ({"day": "", "time": ""}, "Say when"),
        ({"day": "soon", "time": "09:00"}, "Datetime has wrong format"),
    ],
)
def test_a_time_that_cannot_be_is_refused_beside_the_field_and_the_text_is_kept(
    ines: people.Person, operations: people.Group, at: datetime, when: dict[str, str], says: str
) -> None:
    answer = sent(ines, operations, when="later", **when)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page and 'id="fault_at"' in page and "From *Monday* on." in page
    assert only(ines, at).state(at) == "draft"


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{}, {"own_clock": "on"}])
def test_a_time_chosen_for_a_draft_is_there_in_another_browser_and_in_the_list(
    ines: people.Person, operations: people.Group, at: datetime, more: dict[str, str]
) -> None:
    sent(ines, operations, when="later", day="2030-07-01", time="09:30", do="save", **more)

    item = only(ines, at)
    page = signed_in(ines).get(f"/a/{item.id}/edit").content.decode()
    assert 'name="when" value="later" checked' in page
    assert 'name="day" value="2030-07-01"' in page and 'name="time" value="09:30"' in page
    assert ('name="own_clock" checked' in page) == bool(more)
    listed = signed_in(ines).get("/announcements?state=draft").content.decode()
    assert ("for Mon 1 Jul, 09:30, on each reader" if more else "for Mon 1 Jul, 09:30<") in listed


@pytest.mark.django_db
def test_a_kept_time_that_has_passed_is_told_at_its_field_and_the_text_is_kept(
    ines: people.Person, operations: people.Group, at: datetime
) -> None:
    said = publishing.Draft(planned=publishing.When(at=at - timedelta(hours=1)))
    draft = publishing.create(by=ines.id, draft=said, now=at - timedelta(days=1))
    page = signed_in(ines).get(f"/a/{draft.id}/edit").content.decode()
    day, clock = (re.findall(f'name="{name}" value="([^"]+)"', page)[0] for name in ("day", "time"))

    given = FORM | {"group": operations.id, "do": "publish", "when": "later", "day": day, "time": clock}
    answer = signed_in(ines).post(f"/a/{draft.id}/edit", given)

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Choose a time that is still to come." in shown and "From *Monday* on." in shown
    assert (only(ines, at).state(at), only(ines, at).title) == ("draft", "Dock 4 closes")


@pytest.mark.django_db
def test_a_pin_is_chosen_while_writing_and_told_at_its_field_where_there_is_no_place(
    ines: people.Person, operations: people.Group, at: datetime
) -> None:
    for number in range(3):
        sent(ines, operations, title=f"Notice {number}", pin="on", do="save")
    drafts = publishing.mine(by=ines.id, now=at)
    assert all(one.pin for one in drafts)
    assert 'name="pin" checked' in signed_in(ines).get(f"/a/{drafts[0].id}/edit").content.decode()
    for one in drafts:
        publishing.publish(announcement_id=one.id, by=ines.id, now=at)

    answer = sent(ines, operations, pin="on")

    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="fault_pin"' in page and "3 are pinned already" in page
    assert "From *Monday* on." in page


@pytest.mark.django_db
def test_steps_of_nudging_are_chosen_and_added(ines: people.Person, operations: people.Group, at: datetime) -> None:
    sent(ines, operations, ask_acknowledge="on", nudge=["24", "72"], nudge_custom="36", do="save")
    assert only(ines, at).nudge_hours == (24.0, 36.0, 72.0)


@pytest.mark.django_db
def test_what_did_not_go_out_says_why_where_it_is_written(
    ines: people.Person, olga: people.Person, operations: people.Group, at: datetime
) -> None:
    sent(ines, operations, when="later", day="2030-07-01", time="09:30")
    item = only(ines, at)
    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=at)
    publishing.go_out(announcement_id=item.id, now=datetime.fromisoformat("2030-07-01T08:00:00+00:00"))

    page = signed_in(ines).get(f"/a/{item.id}/edit").content.decode()

    assert "It did not go out when its time had come." in page
    assert "may not publish to this audience any more" in page


@pytest.mark.browser
@needs_chromium
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["light", "dark", "phone"])
def test_the_panel_tells_what_time_it_will_be_for_whom(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime, look: dict[str, Any]
) -> None:
    draft = publishing.Draft(
        title="Dock 4 closes", audience=people.Audience(group_ids=(operations.id,)), ask_acknowledge=True
    )
    item = publishing.create(by=ines.id, draft=draft, now=at)
    page = browse(ines, **look)
    page.goto(f"/a/{item.id}/edit")

    page.get_by_text("Later", exact=True).click()
    page.get_by_label("Day", exact=True).fill((at + timedelta(days=14)).date().isoformat())
    page.get_by_text("On each person's own clock").click()
    zones = page.locator(".when-table tbody tr")
    expect(zones).to_have_count(2)
    expect(zones.nth(0)).to_contain_text("Amsterdam 2")
    expect(zones.nth(0)).to_contain_text("09:00")
    expect(zones.nth(1)).to_contain_text("10:00")  # Lisbon's nine on the author's clock
    expect(page.locator("#when-field [data-nudges]")).to_contain_text("Nudges, your time:")
    accessible(page)
    looked(page, "-panel")

    page.get_by_role("button", name="Review and schedule").click()
    expect(page.get_by_role("heading", name="Ready for 3 people?")).to_be_focused()
    expect(page.locator(".review .when-table tbody tr")).to_have_count(2)
    accessible(page)
    looked(page, "-review")
    page.get_by_role("button", name="Schedule for 3 people").click()
    expect(page.get_by_text("on each person's own clock.")).to_be_visible()
    accessible(page)


@pytest.mark.browser
@needs_chromium
@pytest.mark.django_db(transaction=True)
def test_publishing_can_be_undone_while_the_seconds_run(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime, settings: Any
) -> None:
    settings.UNDO_SECONDS = 20
    draft = publishing.Draft(title="Dock 4 closes", audience=people.Audience(group_ids=(operations.id,)))
    item = publishing.create(by=ines.id, draft=draft, now=at)
    page = browse(ines)
    page.goto(f"/a/{item.id}/edit")
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name="Publish for 3 people").click()

    expect(page.get_by_text("It goes out in")).to_be_visible()
    accessible(page)
    looked(page, "-counting")
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("button", name="Review and publish")).to_be_visible()
    assert publishing.get(announcement_id=item.id).state(at) == "draft"


@pytest.mark.browser
@needs_chromium
@pytest.mark.django_db(transaction=True)
def test_when_the_seconds_are_over_the_page_follows_it_out(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime, settings: Any
) -> None:
    settings.UNDO_SECONDS = 1
    draft = publishing.Draft(title="Dock 4 closes", audience=people.Audience(group_ids=(operations.id,)))
    item = publishing.create(by=ines.id, draft=draft, now=at)
    page = browse(ines)
    page.goto(f"/a/{item.id}/edit")
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name="Publish for 3 people").click()
    expect(page.get_by_text("It is going out…")).to_be_visible()

    assert publishing.go_out(announcement_id=item.id, now=datetime.now(at.tzinfo))

    page.wait_for_url(f"**/a/{item.id}")


@pytest.mark.browser
@needs_chromium
@pytest.mark.django_db(transaction=True)
def test_later_offers_the_next_working_day_and_without_a_day_nothing_can_be_scheduled(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,))
    item = publishing.create(by=ines.id, draft=publishing.Draft(title="Dock 4 closes", audience=audience), now=at)
    page = browse(ines)
    page.goto(f"/a/{item.id}/edit")
    expect(page.get_by_text("3 people", exact=True)).to_be_visible()

    page.get_by_text("Later", exact=True).click()

    offered = date.fromisoformat(page.get_by_label("Day", exact=True).input_value())
    assert at.date() < offered <= at.date() + timedelta(days=4)
    assert offered.weekday() < 5

    page.get_by_label("Day", exact=True).fill("")
    page.get_by_role("button", name="Review and schedule").click()
    review = page.get_by_role("dialog")
    expect(review.get_by_text("no day and time are chosen")).to_be_visible()
    expect(review.get_by_text("It reaches somebody")).to_be_visible()
    expect(review.get_by_role("button", name="Schedule for 3 people")).to_be_disabled()


@pytest.mark.browser
@needs_chromium
@pytest.mark.django_db(transaction=True)
def test_a_nudge_that_lands_after_the_deadline_says_so(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime
) -> None:
    monday = at.date() + timedelta(days=14 - at.weekday())
    draft = publishing.Draft(
        title="Dock 4 closes", audience=people.Audience(group_ids=(operations.id,)), ask_acknowledge=True,
        nudge_hours=(24, 72), deadline=datetime.combine(monday + timedelta(days=2), time(13), UTC),
    )  # fmt: skip
    item = publishing.create(by=ines.id, draft=draft, now=at)
    page = browse(ines)
    page.goto(f"/a/{item.id}/edit")

    page.get_by_text("Later", exact=True).click()
    page.get_by_label("Day", exact=True).fill(monday.isoformat())

    nudges = page.locator("#when-field [data-nudges]")
    expect(nudges).to_have_text(re.compile(r"Nudges, your time: [^()]* · [^()]*\(after the deadline\)$"))
    page.get_by_label("Confirm by").fill("")
    expect(nudges).to_have_text(re.compile(r"Nudges, your time: [^()]* · [^()]*$"))


@pytest.mark.browser
@needs_chromium
@pytest.mark.django_db(transaction=True)
def test_nudges_that_a_weekend_moves_to_one_morning_are_told_once(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime
) -> None:
    draft = publishing.Draft(
        title="Dock 4 closes", audience=people.Audience(group_ids=(operations.id,)), ask_acknowledge=True
    )
    item = publishing.create(by=ines.id, draft=draft, now=at)
    friday = at.date() + timedelta(days=11 - at.weekday())
    page = browse(ines)
    page.goto(f"/a/{item.id}/edit")

    page.get_by_text("Later", exact=True).click()
    page.get_by_label("Day", exact=True).fill(friday.isoformat())

    monday = friday + timedelta(days=3)
    expect(page.locator("#when-field [data-nudges]")).to_have_text(
        re.compile(rf"Nudges, your time: Mon,? {monday.day} \S+, 09:00 – 10:00")
    )
