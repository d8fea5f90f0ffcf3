"""Keys in a real Chromium: what is typed in Markdown's way, links, and the keys that the toolbar names."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from announcements.people import services as people
from tests.browser import needs_chromium
from tests.web.test_editor_browser import Browse, opened, written

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("operations"),
    needs_chromium,
]


def test_a_link_typed_as_markdown_is_a_link(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()

    page.keyboard.type("See [the **whole** plan](https://plan.example/a) now")

    assert written(page) == (
        '<p>See <a href="https://plan.example/a" rel="noopener noreferrer">the <strong>whole</strong> plan</a> now</p>'
    )


def test_a_slash_finds_things_by_their_names_and_by_what_others_call_them(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()
    options = page.get_by_role("listbox").get_by_role("option")

    page.keyboard.type("/t")
    expect(options).to_contain_text(["Table", "Task list"])
    page.keyboard.press("Backspace")
    page.keyboard.type("image")
    expect(options).to_contain_text(["Picture"])
    for _key in "image":
        page.keyboard.press("Backspace")
    page.keyboard.type("somebody")  # no name: what it says of itself
    expect(options).to_contain_text(["Quote"])


def test_a_list_becomes_one_of_tasks_when_an_item_is_typed_as_one(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()

    page.keyboard.type("- Docks\n[x] Told\nAsked")

    assert written(page) == (
        '<ul data-kind="tasks"><li data-done="false">Docks</li><li data-done="true">Told</li><li data-done="false">Asked</li></ul>'
    )


def test_the_mark_of_each_item_may_be_typed(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()

    page.keyboard.type("1. Sign in\n2. Book\n\n- Docks\n- Gates\n1. North")

    assert written(page) == (
        "<ol><li>Sign in</li><li>Book</li></ol><ul><li>Docks</li><li>Gates</li><li><ol><li>North</li></ol></li></ul>"
    )


def test_the_box_of_each_task_may_be_typed(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()

    page.keyboard.type("- [ ] Docks\n- [x] Gates\n[x] North\nSouth")

    assert written(page) == (
        '<ul data-kind="tasks"><li data-done="false">Docks</li><li data-done="true">Gates</li>'
        '<li data-done="true">North</li><li data-done="false">South</li></ul>'
    )


def test_a_link_over_another_takes_its_place(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()
    page.keyboard.type("See https://plan.example/a now")
    page.keyboard.press("Control+A")

    page.keyboard.press("Control+K")
    page.get_by_label("Address").fill("https://plan.example/b")
    page.keyboard.press("Enter")

    expect(page.locator(".ProseMirror a")).to_have_attribute("href", "https://plan.example/b")
    assert written(page) == (
        '<p><a href="https://plan.example/b" rel="noopener noreferrer">See https://plan.example/a now</a></p>'
    )


def test_a_button_names_itself_and_its_keys_and_they_do_the_same(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()

    expect(page.get_by_role("button", name="Heading", exact=True)).to_have_attribute("title", "Heading (Ctrl+Alt+2)")
    for button in page.locator("[role=toolbar] [aria-keyshortcuts][aria-pressed]").all():
        keys = button.get_attribute("aria-keyshortcuts") or ""
        if keys != "Control+K":  # opens a dialog
            page.keyboard.press(keys)
            expect(page.locator(f'[aria-keyshortcuts="{keys}"]')).to_have_attribute("aria-pressed", "true")
            page.keyboard.press(keys)

    page.keyboard.type("Dock")
    page.keyboard.press("Control+Z")
    assert "Dock" not in written(page)
    page.keyboard.press("Control+Shift+Z")
    assert "Dock" in written(page)


def test_a_link_of_another_kind_is_refused_where_it_is_typed(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()
    page.keyboard.press("Control+K")
    address = page.get_by_label("Address")

    address.fill("javascript:alert(1)")
    page.keyboard.press("Enter")

    assert "web or mail address" in address.evaluate("field => field.validationMessage")
    expect(address).to_be_visible()
    address.fill("dock.example:8080/plan")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror a")).to_have_attribute("href", "https://dock.example:8080/plan")


def test_a_cell_is_offered_what_it_can_hold(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()
    page.keyboard.type("/table")
    page.keyboard.press("Enter")
    table = written(page)
    heading, list_ = (page.get_by_role("button", name=name, exact=True) for name in ("Heading", "List"))

    page.keyboard.type("/")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options).to_contain_text(["List", "Numbered list", "Task list", "Picture"])
    expect(options).to_have_count(4)
    page.keyboard.press("Backspace")
    expect(heading).to_have_attribute("aria-disabled", "true")
    heading.click(force=True)
    assert written(page) == table
    list_.click()
    assert "<th><ul><li></li></ul></th>" in written(page)


def test_a_line_typed_in_a_cell_does_not_tear_its_table(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()
    page.keyboard.type("---")
    page.keyboard.type("/table")
    page.keyboard.press("Enter")

    page.keyboard.type("--- ")

    assert written(page).count("<hr>") == 1  # the one above
    assert written(page).count("<table>") == 1


def test_the_toolbar_is_one_row_beside_the_count(browse: Browse, ines: people.Person) -> None:
    for width in (1024, 1280, 1440):
        page = browse(ines, viewport={"width": width, "height": 800})
        opened(page).click()
        page.keyboard.insert_text("word " * 1200)
        expect(page.locator('[data-slot="length"]')).to_contain_text("words")

        first, last = (page.get_by_role("button", name=name, exact=True).bounding_box() for name in ("Undo", "Table"))
        assert first and last and first["y"] == last["y"]


def test_the_words_above_a_switch_press_it(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page)
    asked = page.get_by_label("Everybody is asked to mark it as read")

    page.get_by_text("Ask people to confirm", exact=True).click(force=True)
    expect(asked).to_be_checked()
