"""Saving for later on `/tab` and on an announcement's page: by a key, without a network, and by nobody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.saving import arrived, mark, opened, row, saved
from tests.web.conftest import signed_in

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.mark.browser
@needs_chromium
def test_s_saves_undo_takes_back_and_nobody_else_sees_it(
    browse: Any, announce: Any, maya: people.Person, joao: people.Person
) -> None:
    announce("New badges")
    page = browse(maya)
    page.goto("/tab")
    page.get_by_role("link", name="New badges", exact=True).focus()
    page.keyboard.press("s")
    arrived(page, maya, {"New badges"})
    looked(page, "-toast")
    page.reload()
    expect(mark(row(page, "New badges"))).to_have_attribute("aria-pressed", "true")
    expect(opened(page).get_by_role("listitem")).to_have_count(1)
    accessible(page)
    page.keyboard.press("Escape")

    joaos = browse(joao)
    joaos.goto("/tab")
    expect(mark(row(joaos, "New badges"))).to_have_attribute("aria-pressed", "false")
    expect(opened(joaos).get_by_text("Nothing yet.")).to_be_visible()

    page.get_by_role("link", name="New badges", exact=True).focus()
    page.keyboard.press("s")
    arrived(page, maya, set())
    page.get_by_role("button", name="Undo").click()
    arrived(page, maya, {"New badges"})
    assert saved(joao) == set()


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize(
    "look", [{}, {"color_scheme": "dark"}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}]
)
def test_whoever_is_aligned_sees_how_much_is_saved_and_what_they_read(
    browse: Any, announce: Any, maya: people.Person, look: dict[str, Any]
) -> None:
    done, later = announce("New badges"), announce("The best month since 2022", ask=False)
    announce("Unread", ask=False)
    now = datetime.now(UTC)
    delivery.acknowledge(by=maya.id, announcement_id=done.id, version=1, now=now)
    words = [delivery.Receipt(str(one.id), one.id, "saved", now, "tab") for one in (done, later)]
    delivery.record(by=maya.id, receipts=words, now=now)
    page = browse(maya, **look)
    page.goto("/tab")
    accessible(page)
    looked(page, "-aligned")

    page.get_by_role("button", name="Saved for later (2)").click()
    list_ = page.get_by_role("dialog", name="Saved for later")
    expect(list_.get_by_role("listitem")).to_have_count(2)
    accessible(page)
    looked(page, "-list")
    list_.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="What you read this week").click()

    read = page.get_by_role("dialog", name="What you read this week")
    expect(read.get_by_role("listitem")).to_have_count(1)
    expect(read.get_by_role("link", name="New badges")).to_be_visible()


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": PHONE, "has_touch": True}])
def test_in_the_list_what_is_owed_says_so_and_what_is_taken_off_comes_back(
    browse: Any, announce: Any, maya: people.Person, look: dict[str, Any]
) -> None:
    now = datetime.now(UTC)
    owed = announce("New badges", deadline=now + timedelta(days=2))
    done, news = announce("Fire drill"), announce("The best month since 2022", ask=False)
    delivery.acknowledge(by=maya.id, announcement_id=done.id, version=1, now=now)
    words = [delivery.Receipt(str(one.id), one.id, "saved", now, "tab") for one in (owed, done, news)]
    delivery.record(by=maya.id, receipts=words, now=now)
    page = browse(maya, **look)
    page.goto("/tab")
    page.wait_for_load_state("networkidle")

    shelf = opened(page)

    expect(shelf.get_by_text("Please confirm")).to_have_count(3)
    expect(shelf.get_by_text("Please confirm").locator("visible=true")).to_have_count(1)
    line = shelf.get_by_role("listitem").filter(has_text="New badges")
    expect(line.get_by_text("Please confirm by")).to_be_visible()
    mark(line).click()
    expect(shelf.get_by_text("Taken off your list.")).to_be_visible()
    arrived(page, maya, {"Fire drill", "The best month since 2022"})
    accessible(page)
    looked(page, "-list")
    shelf.get_by_role("button", name="Undo").click()
    arrived(page, maya, {"New badges", "Fire drill", "The best month since 2022"})
    expect(mark(line)).to_have_attribute("aria-pressed", "true")


@pytest.mark.browser
@needs_chromium
def test_on_a_phone_a_bookmark_stands_on_no_words_and_a_time_of_another_day_says_which(
    browse: Any, announce: Any, maya: people.Person
) -> None:
    item = announce("Fire drill")
    now = datetime.now(UTC)
    delivery.acknowledge(by=maya.id, announcement_id=item.id, version=1, now=now)
    page = browse(maya, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/tab")
    said = page.get_by_text("you confirmed")
    expect(said).to_have_text(re.compile(r"^you confirmed at \d\d:\d\d$"))
    overlap = """([said, mark]) => {
      const box = mark.getBoundingClientRect();
      const range = document.createRange();
      range.selectNodeContents(said);
      return [...range.getClientRects()].some((line) => line.right > box.left && line.left < box.right && line.bottom > box.top && line.top < box.bottom);
    }"""
    handles = [said.element_handle(), mark(row(page, "Fire drill")).element_handle()]
    assert page.evaluate(overlap, handles) is False
    looked(page, "-phone")

    page.clock.install(time=now + timedelta(days=1))
    page.goto("/tab")

    expect(said).to_have_text(re.compile(r"^you confirmed yesterday at \d\d:\d\d$"))
    assert page.evaluate(overlap, [said.element_handle(), mark(row(page, "Fire drill")).element_handle()]) is False
    page.get_by_role("link", name="Fire drill").click()
    expect(page.get_by_role("dialog").get_by_text("You confirmed this yesterday at")).to_be_visible()


@pytest.mark.browser
@needs_chromium
def test_what_is_saved_without_a_network_is_sent_later(browse: Any, announce: Any, maya: people.Person) -> None:
    announce("New badges")
    page = browse(maya)
    page.expected += ["Failed to load resource", "net::ERR_"]
    page.goto("/tab")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_role("link", name="New badges", exact=True).focus()
    page.keyboard.press("s")
    expect(opened(page).get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("Escape")
    assert saved(maya) == set()

    page.context.set_offline(False)

    arrived(page, maya, {"New badges"})


@pytest.mark.browser
@needs_chromium
def test_a_list_that_is_open_takes_in_what_is_saved_elsewhere(browse: Any, announce: Any, maya: people.Person) -> None:
    item = announce("New badges")
    page = browse(maya)
    page.goto("/tab")
    shelf = opened(page)
    expect(shelf.get_by_text("Nothing yet.")).to_be_visible()
    at = datetime.now(UTC)

    delivery.record(by=maya.id, receipts=[delivery.Receipt("1", item.id, "saved", at, "tab")], now=at)

    expect(shelf.get_by_role("listitem")).to_have_count(1, timeout=20_000)
    expect(shelf.get_by_text("Nothing yet.")).to_have_count(0)


@pytest.mark.browser
@needs_chromium
def test_the_page_of_an_announcement_saves_by_key_and_by_button(
    browse: Any, announce: Any, maya: people.Person
) -> None:
    item = announce("New badges")
    page = browse(maya)
    page.goto(f"/a/{item.id}")
    page.keyboard.press("s")
    arrived(page, maya, {"New badges"})
    expect(mark(page)).to_have_attribute("aria-pressed", "true")
    accessible(page)
    looked(page, "-page")

    mark(page).click()

    arrived(page, maya, set())
    expect(page.get_by_role("status").get_by_text("Taken off your list.")).to_be_visible()


def test_without_a_script_the_page_of_an_announcement_saves(announce: Any, maya: people.Person) -> None:
    item = announce("New badges")
    mayas = signed_in(maya)
    for word, stands in (("saved", {"New badges"}), ("unsaved", set())):
        assert f'value="{word}"' in mayas.get(f"/a/{item.id}").content.decode()
        assert mayas.post(f"/a/{item.id}", {"do": word}).status_code == 302
        assert saved(maya) == stands


def test_who_has_not_been_sent_it_has_nothing_to_save(announce: Any, olga: people.Person) -> None:
    item = announce("New badges")

    assert "Save for later" not in signed_in(olga).get(f"/a/{item.id}").content.decode()
