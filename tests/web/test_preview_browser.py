"""A mail before it goes out, in a real Chromium: framed by our own page, without scripts, and confirming nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
BODY = "<h2>What changes</h2><p>From Monday on, <a href='/tab'>use dock 6</a>.</p><ul><li>One</li><li>Two</li></ul>"


def frame(page: Page, address: str) -> Any:
    """Frame an address within the page that is open, as a page of ours would."""
    page.evaluate(
        "address => { const f = document.createElement('iframe'); f.src = address; f.title = 'Mail';"
        " f.width = 340; f.height = 700; document.querySelector('main').replaceChildren(f); }",
        address,
    )
    return page.frame_locator("iframe")


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_a_mail_is_seen_before_it_goes_out_and_its_button_does_nothing(
    browse: Callable[..., Page],
    ines: people.Person,
    maya: people.Person,
    operations: people.Group,
    at: datetime,
    scheme: dict[str, Any],
    live_server: Any,
    settings: Any,
) -> None:
    settings.BASE_URL = live_server.url
    audience = people.Audience(group_ids=(operations.id,))
    draft = publishing.Draft(title="Dock 4 closes", body=BODY, ask_acknowledge=True, audience=audience)
    made = publishing.create(by=ines.id, draft=draft, now=at)
    page = browse(ines, **scheme)
    name = "phone" if "viewport" in scheme else scheme["color_scheme"]
    address = f"/a/{made.id}/preview/mail?person={maya.id}"

    page.goto(address)
    expect(page.get_by_text("Preview for Maya Lindqvist")).to_be_visible()
    looked(page, f"-alone-{name}")
    page.goto("/settings")
    mail = frame(page, address)
    expect(mail.get_by_text("Dock 4 closes")).to_be_visible()
    with page.expect_popup() as opened:
        mail.get_by_role("link", name="Mark as read").click()
    tried = opened.value
    expect(tried.get_by_role("heading", name="This was a test")).to_be_visible()
    tried.evaluate("document.fonts.ready")
    looked(tried, f"-tried-{name}")
    accessible(tried)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_anybody_of_a_large_audience_is_found_by_typing(
    browse: Callable[..., Page],
    ines: people.Person,
    joao: people.Person,
    operations: people.Group,
    at: datetime,
    scheme: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("announcements.web.preview.MOST_PEOPLE", 1)  # the audience is larger than the list
    audience = people.Audience(group_ids=(operations.id,))
    made = publishing.create(
        by=ines.id, draft=publishing.Draft(title="Dock 4 closes", body=BODY, audience=audience), now=at
    )
    page = browse(ines, **scheme)
    page.goto(f"/a/{made.id}/preview")
    field = page.get_by_role("combobox", name="As", exact=True)
    expect(field).to_have_value("Ines Carvalho")
    assert page.locator(f'#id_person option[value="{joao.id}"]').count() == 0

    field.fill("nobody at all")
    expect(page.get_by_text("Nobody in the audience by that name.").first).to_be_visible()
    field.fill("mat")
    expect(page.get_by_role("option", name="Joao Matias Lisbon")).to_be_visible()
    accessible(page)
    looked(page, "-found")
    field.press("Enter")

    page.wait_for_url(f"**person={joao.id}**")
    expect(field).to_have_value("Joao Matias")
    accessible(page)
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_contain_text("Ines Carvalho")
    field.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()


def test_from_the_preview_one_goes_straight_to_the_last_look(
    browse: Callable[..., Page], ines: people.Person, operations: people.Group, at: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,))
    made = publishing.create(by=ines.id, draft=publishing.Draft(title="Dock 4 closes", audience=audience), now=at)
    page = browse(ines)
    page.goto(f"/a/{made.id}/preview")

    page.get_by_role("link", name="Review").click()

    review = page.get_by_role("dialog")
    expect(review.get_by_role("heading", name="Ready for 3 people?")).to_be_visible()
    expect(review.get_by_role("button", name="Publish for 3 people")).to_be_enabled()
    page.reload()
    expect(page.get_by_role("button", name="Review and publish")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_its_places_stand_beside_one_another_until_one_is_chosen(
    browse: Callable[..., Page], ines: people.Person, operations: people.Group, at: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,))
    draft = publishing.Draft(title="Dock 4 closes", body=BODY, ask_acknowledge=True, audience=audience)
    made = publishing.create(by=ines.id, draft=draft, now=at)
    page = browse(ines)
    page.goto(f"/a/{made.id}/preview")

    for place in ("on their new tab", "in their mail", "on its page"):
        frame = page.frame_locator(f'iframe[title="What they will see {place}"]')
        expect(frame.get_by_text("Dock 4 closes").first).to_be_visible()
    expect(page.get_by_text("Please confirm: Dock 4 closes")).to_be_visible()
    accessible(page)
    page.locator(".preview-choice").get_by_text("Page", exact=True).click()

    expect(page.get_by_title("What they will see", exact=False)).to_have_count(1)
    expect(page.get_by_title("What they will see on its page")).to_be_visible()


@pytest.mark.parametrize("system", ["light", "dark"])
def test_colors_are_those_chosen_everywhere_whatever_the_system_prefers(
    browse: Callable[..., Page], ines: people.Person, operations: people.Group, at: datetime, system: str
) -> None:
    audience = people.Audience(group_ids=(operations.id,))
    draft = publishing.Draft(title="Dock 4 closes", body=BODY, ask_acknowledge=True, audience=audience)
    made = publishing.create(by=ines.id, draft=draft, now=at)
    page = browse(ines, color_scheme=system)

    page.goto(f"/a/{made.id}/preview")
    for look in ("Dark", "Light"):
        page.get_by_role("group", name="Colors").get_by_text(look).click()
        page.wait_for_url(f"**look={look.lower()}**")
        for title in ("on their new tab", "in their mail", "on its page"):
            inside = page.frame_locator(f"iframe[title='What they will see {title}']").locator("body")
            assert is_dark(inside) == (look == "Dark"), (title, look)
        looked(page, f"-{look}-on-{system}")
    page.get_by_role("group", name="Where").get_by_text("Email").click()
    page.wait_for_url("**channel=mail**")
    page.get_by_role("group", name="Colors").get_by_text("Dark").click()
    page.wait_for_url("**look=dark**")
    assert is_dark(page.frame_locator("iframe").locator("body"))


def is_dark(body: Locator) -> bool:
    """Tell whether the title is written in a bright color."""
    title = body.get_by_text("Dock 4 closes").first
    expect(title).to_be_visible()
    return bool(
        title.evaluate(
            """one => {
                const dot = new OffscreenCanvas(1, 1).getContext("2d");
                dot.fillStyle = getComputedStyle(one).color;  // said in whatever words a browser has for it
                dot.fillRect(0, 0, 1, 1);
                return dot.getImageData(0, 0, 1, 1).data.every((part) => part > 150);
            }"""
        )
    )
