"""An owner sets a company up from nothing, on the pages, with the hub as `make run` starts it and mail servers of the company's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import accessible, looked, needs_chromium, watched
from tests.journeys.hub import Hub
from tests.journeys.people import PASSWORD, until
from tests.mail_servers import Temper, listening

pytestmark = [
    pytest.mark.services,
    pytest.mark.browser,
    needs_chromium,
]


@pytest.fixture
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with Hub(tmp_path_factory.mktemp("first-run") / "data", HUB_TICK_SECONDS="1", HUB_SWEEP_SECONDS="1") as running:
        yield running


def test_an_owner_sets_a_company_up_from_nothing_to_the_first_acknowledged_announcement(
    chromium: Browser, hub: Hub
) -> None:
    refusing, taking = Temper(senders=("news@northwind.test",)), Temper()
    with (
        watched(chromium, base_url=hub.url, timezone_id="Europe/Amsterdam") as olga,
        watched(chromium, base_url=hub.url, timezone_id="Europe/Lisbon") as maya,
        listening(refusing) as wrong_port,
        listening(taking) as port,
    ):
        olga.expected = ["status of 422"]  # type: ignore[attr-defined]  # the refused test mail
        _signs_up(olga)
        _says_who_the_company_is(olga)
        _leaves_and_comes_back(olga, "How should mail be sent?")
        _is_refused_by_a_mail_server(olga, wrong_port)
        _finds_one_that_takes(olga, port)
        assert [to for _sender, to, _content in taking.mails] == [["olga@northwind.test"]]
        _leaves_and_comes_back(olga, "Who belongs to it?")
        _invites(olga, "Maya Lindqvist <maya@northwind.test>")
        _arranges_the_new_tab(olga)
        _comes_in_by_the_mail(maya, _invitation(taking), hub)
        id = _publishes(olga)

        item = maya.locator(f'[data-id="{id}"]')
        expect(item).to_contain_text("Welcome to Northwind Freight on Mantel", timeout=30_000)
        expect(maya.get_by_role("link", name="Handbook")).to_be_visible()
        item.get_by_role("button", name="Mark as read").click()
        expect(maya.get_by_text("1 of 2 have confirmed.")).to_be_visible()
        olga.goto(f"/a/{id}/analytics")
        expect(olga.locator("[data-slot=acknowledged]")).to_have_text("1")
        expect(olga.locator("[data-slot=recipients]")).to_have_text("2")  # everyone is Olga too
        _seen(olga, "numbers")
        olga.goto("/tab")
        expect(olga.get_by_role("link", name="Go on with the set-up")).to_have_count(0)


def test_every_step_but_the_first_is_skipped_and_taken_up_again(chromium: Browser, hub: Hub) -> None:
    with watched(chromium, base_url=hub.url, timezone_id="Europe/Amsterdam") as olga:
        _signs_up(olga)
        olga.goto("/setup/organization")
        expect(olga.get_by_role("button", name="Skip for now")).to_have_count(0)
        olga.get_by_role("button", name="Continue to mail").click()
        for heading in (
            "How should mail be sent?",
            "Who belongs to it?",
            "What stands on the new tab?",
            "Say hello to everybody",
        ):
            _leaves_and_comes_back(olga, heading)
            olga.get_by_role("button", name="Skip for now").click()
        olga.wait_for_url("**/tab")

        olga.goto("/settings/workspace")
        olga.get_by_role("button", name="Go through the set-up again").click()
        expect(olga.get_by_text("Skipped for now")).to_have_count(4)
        olga.get_by_role("link", name="New tab", exact=True).click()
        expect(olga.get_by_role("heading", name="What stands on the new tab?")).to_be_visible()
        olga.get_by_role("button", name="Continue to the announcement").click()
        expect(olga.get_by_role("heading", name="Say hello to everybody")).to_be_visible()
        expect(olga.get_by_text("Skipped for now")).to_have_count(3)


def _seen(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    looked(page, f"-{name}")
    accessible(page)


def _signs_up(page: Page) -> None:
    """Sign up by the form, with the code from the mail that was caught: nobody has set a mail server yet."""
    page.goto("/")
    page.get_by_role("link", name="Create your workspace").click()
    page.get_by_label("Company").fill("Northwind")
    page.get_by_label("Your name").fill("Olga Berg")
    page.get_by_label("Email").fill("olga@northwind.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create your workspace").click()
    _seen(page, "code")
    page.get_by_label("Code").fill(_caught_code(page))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/setup/*")


def _caught_code(page: Page) -> str:
    """Read the code where somebody who tries Mantel out reads it: among the caught mail."""
    mail = page.context.new_page()

    def letter() -> bool:
        mail.goto("/mail/?to=olga@northwind.test")
        return mail.locator(".letters-list a").count() > 0

    until(letter, seconds=60, what="a caught mail")
    mail.locator(".letters-list a").first.click()
    expect(mail.locator("time")).not_to_contain_text("UTC")  # on her computer's clock
    _seen(mail, "caught")
    mail.get_by_text("As text").click()
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.locator(".letter-text").inner_text(), re.M)
    assert found
    mail.close()
    return found[1]


def _says_who_the_company_is(page: Page) -> None:
    page.goto("/setup/organization")
    page.get_by_label("Company").fill("Northwind Freight")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Amsterdam")
    page.get_by_label("From").fill("08:30")
    page.get_by_role("button", name="Continue to mail").click()
    expect(page.get_by_role("link", name="Northwind Freight")).to_be_visible()


def _leaves_and_comes_back(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.goto("/tab")
    page.get_by_role("link", name="Go on with the set-up").click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def _gives_a_mail_server(page: Page, port: int) -> None:
    page.get_by_label("Your mail server").check()
    page.get_by_label("Server", exact=True).fill("127.0.0.1")
    page.get_by_label("Port").fill(str(port))
    page.get_by_label("Encryption").select_option("none")
    page.get_by_label("Sender").fill("hub@northwind.test")


def _is_refused_by_a_mail_server(page: Page, port: int) -> None:
    _gives_a_mail_server(page, port)
    page.get_by_role("button", name="Save and send a test mail").click()
    expect(page.get_by_text("550 5.7.60 Client does not have permissions to send as this sender")).to_be_visible()
    expect(page.get_by_text("does not let this account send")).to_be_visible()
    _seen(page, "refused")


def _finds_one_that_takes(page: Page, port: int) -> None:
    _gives_a_mail_server(page, port)
    page.get_by_role("button", name="Test again").click()
    expect(page.get_by_text("The server took the test mail")).to_be_visible()
    expect(page.get_by_text("250 2.0.0 kept as 42")).to_be_visible()
    _seen(page, "taken")
    page.get_by_role("button", name="Continue to people").click()


def _invites(page: Page, people: str) -> None:
    page.get_by_label("Or paste a few addresses").fill(people)
    page.get_by_role("button", name="Continue to the new tab").click()
    expect(page.get_by_text("2 people")).to_be_visible()


def _arranges_the_new_tab(page: Page) -> None:
    page.get_by_role("button", name="Add a clock").click()
    page.keyboard.type("Porto")
    page.locator('[data-rows="clocks"] select').last.select_option("Europe/Lisbon")
    page.get_by_role("button", name="Add a link").click()
    page.keyboard.type("Handbook")
    page.locator('[data-rows="links"] input[type=url]').last.fill("https://handbook.northwind.test/")
    _seen(page, "new-tab")
    page.get_by_role("button", name="Continue to the announcement").click()
    expect(page.get_by_text("1 clock, 1 link")).to_be_visible()


def _invitation(server: Temper) -> EmailMessage:
    """Return the mail that Maya got, from the company's own server."""
    to_maya = until(lambda: [mail for mail in server.mails if mail[1] == ["maya@northwind.test"]], what="an invitation")
    ((_sender, _to, content),) = to_maya
    return message_from_bytes(content, policy=policy.default)


def _comes_in_by_the_mail(page: Page, mail: EmailMessage, hub: Hub) -> None:
    assert "Olga Berg" in str(mail["From"])
    plain = mail.get_body(("plain",))
    assert plain
    link = re.search(rf"{re.escape(hub.url)}/join/\S+", plain.get_content())
    assert link
    page.goto(link[0])
    expect(page.get_by_role("heading", name="Join Northwind Freight")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Maya Lindqvist")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/tab")
    expect(page.get_by_role("link", name="Northwind Freight")).to_be_visible()


def _publishes(page: Page) -> int:
    page.get_by_role("button", name="Open the draft").click()
    expect(page.get_by_label("Title")).to_have_value("Welcome to Northwind Freight on Mantel")
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name=re.compile("^Publish for")).click()
    page.wait_for_url(re.compile(r"/a/\d+$"))
    return int(page.url.rpartition("/")[2])
