"""Each way into a company, from what somebody inside does first to the tab of whoever came in, in real Chromiums and by real mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.joining import services as joining
from announcements.people import services as people
from announcements.roster import services as roster
from tests.browser import accessible, looked, needs_chromium
from tests.conftest import PASSWORD
from tests.joining.conftest import sink  # noqa: F401  a fixture
from tests.letters import code

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
LIST = b"Full name;E-mail;Team\nNadia Okafor;nadia@northwind.test;Operations\n"


@dataclass
class Scene:
    """Olga, the owner, at her browser; Nadia at hers, in Tokyo, where nobody is signed in; and the mail between them."""

    olga: Page
    nadia: Page
    owner: people.Person
    mails: list[Any]
    address: str

    def link(self) -> str:
        """Send what is due; return the link of the newest mail to Nadia."""
        joining.post(now=datetime.now(UTC), clock=lambda: datetime.now(UTC))
        part = self.mails[-1].get_body(("plain",))
        found = re.search(rf"{re.escape(self.address)}/join/\S+", part.get_content())
        assert "nadia@" in str(self.mails[-1]["To"]) and found
        return found[0]

    def comes_in(self, button: str = "Join") -> None:
        """Open the newest link; fill in who she is, and press the button."""
        self.nadia.goto(self.link())
        expect(self.nadia.get_by_role("heading", name="Join Northwind")).to_be_visible()
        expect(self.nadia.get_by_label("Your time zone")).to_have_value("Asia/Tokyo")
        accessible(self.nadia)
        self.nadia.get_by_label("Your name").fill("Nadia Okafor")
        self.nadia.get_by_label("Choose a password").fill(PASSWORD)
        self.nadia.get_by_role("button", name=button).click()

    def signs_up(self) -> None:
        """Sign up by the form of the sign-up page, and prove the address by the code from the mail."""
        self.nadia.goto("/accounts/signup/")
        self.nadia.get_by_label("Your name").fill("Nadia Okafor")
        self.nadia.get_by_label("Email").fill("nadia@northwind.test")
        self.nadia.get_by_label("Password").fill(PASSWORD)
        self.nadia.get_by_role("button", name="Join").click()
        expect(self.nadia.get_by_role("heading", name="Enter your code")).to_be_visible()
        self.nadia.get_by_label("Code").fill(code("nadia@northwind.test"))
        self.nadia.get_by_role("button", name="Confirm").click()

    def policy(self, words: str) -> None:
        self.olga.goto("/people/ways-in")
        self.olga.get_by_label(words).check()
        self.olga.get_by_role("button", name="Save the join policy").click()
        expect(self.olga.get_by_label(words)).to_be_checked()

    def makes_a_link(self, name: str, domains: str = "") -> str:
        """Make a claim link on the page and copy its address."""
        self.olga.goto("/people/ways-in")
        self.olga.get_by_label("Name").fill(name)
        self.olga.get_by_label("Only addresses of").fill(domains)
        self.olga.get_by_role("button", name="Make the link").click()
        self.olga.get_by_role("button", name=f"Copy Address of {name}").click()
        expect(self.olga.get_by_text("Copied.")).to_be_visible()
        return str(self.olga.evaluate("navigator.clipboard.readText()"))

    def gives_her_address(self, link: str, email: str) -> None:
        self.nadia.goto(link)
        self.nadia.get_by_label("Email").fill(email)
        self.nadia.get_by_role("button", name="Go on").click()
        expect(self.nadia.get_by_role("heading", name="Look into your mail")).to_be_visible()
        accessible(self.nadia)

    def is_admitted(self) -> None:
        self.olga.goto("/people/requests")
        self.olga.get_by_text("Refuse").first.click()
        accessible(self.olga)
        looked(self.olga, "-refusing")
        self.olga.get_by_role("button", name="Admit Nadia Okafor").click()
        expect(self.olga.get_by_text("Nobody is waiting")).to_be_visible()
        accessible(self.olga)

    def signs_in(self, email: str) -> None:
        self.nadia.goto("/accounts/login/")
        self.nadia.get_by_label("Email").fill(email)
        self.nadia.get_by_label("Password").fill(PASSWORD)
        self.nadia.get_by_role("button", name="Sign in").click()


@pytest.fixture
def scene(
    browse: Callable[..., Page],
    olga: people.Person,
    operations: people.Group,
    sink: Any,  # noqa: F811  the fixture
    live_server: Any,
    settings: Any,
    at: datetime,
) -> Iterator[Scene]:
    settings.BASE_URL = live_server.url  # what mails and links lead to is where the browser is
    people.claim_domain(person_id=olga.id, now=at)
    at_her_desk = browse(olga, permissions=["clipboard-read", "clipboard-write"])
    yield Scene(at_her_desk, browse(timezone_id="Asia/Tokyo"), olga, sink.mails, live_server.url)


def by_an_invitation(scene: Scene) -> None:
    scene.olga.goto("/people/invite")
    one = scene.olga.get_by_role("region", name="Invite one person")
    one.get_by_label("Email").fill("nadia@partner.test")
    one.get_by_label("Name").fill("Nadia")
    one.get_by_label("Operations").check()
    one.get_by_role("button", name="Send the invitation").click()
    expect(scene.olga.get_by_role("row", name=re.compile("nadia@partner.test"))).to_contain_text("on its way")
    scene.comes_in()


def by_the_sign_up_page_of_an_open_company(scene: Scene) -> None:
    scene.policy("are in at once")
    scene.signs_up()


def by_the_sign_up_page_and_an_admins_approval(scene: Scene) -> None:
    scene.policy("wait until an admin lets them in")
    scene.signs_up()
    expect(scene.nadia.get_by_role("heading", name="You are almost in")).to_be_visible()
    accessible(scene.nadia)
    scene.is_admitted()
    scene.signs_in("nadia@northwind.test")


def by_a_link_shared_inside(scene: Scene) -> None:
    scene.gives_her_address(scene.makes_a_link("Handbook"), "nadia@partner.test")
    scene.comes_in("Ask to join")
    expect(scene.nadia.get_by_role("heading", name="You are almost in")).to_be_visible()
    accessible(scene.nadia)
    scene.is_admitted()
    scene.signs_in("nadia@partner.test")


def by_the_link_that_it_pushes_to_managed_devices(scene: Scene) -> None:
    scene.policy("are in at once")
    link = scene.makes_a_link("Browser policy", domains="northwind.test")
    scene.gives_her_address(link, "nadia@northwind.test")
    scene.comes_in()


def by_a_list_and_then_an_invitation(scene: Scene) -> None:
    scene.olga.goto("/people/import")
    list_of_people = {"name": "people.csv", "mimeType": "text/csv", "buffer": LIST}
    scene.olga.get_by_label("A list of people as CSV").set_input_files(list_of_people)  # type: ignore[arg-type]  # a FilePayload
    scene.olga.get_by_role("button", name="Upload and look at it").click()
    scene.olga.wait_for_url(re.compile(r"/people/import/\d+$"))
    import_id = int(scene.olga.url.rpartition("/")[2])
    for button in ("Check the rows", "Import one change"):
        while roster.work(import_id=import_id, now=datetime.now(UTC)):
            pass
        scene.olga.get_by_role("button", name=button).click()
    while roster.work(import_id=import_id, now=datetime.now(UTC)):
        pass
    expect(scene.olga.get_by_role("heading", name="Imported")).to_be_visible()
    assert scene.mails == []  # an import writes to nobody
    scene.olga.goto("/people/invite")
    many = scene.olga.get_by_role("region", name="Invite many at once")
    many.get_by_label("Addresses").fill("nadia@northwind.test")
    many.get_by_role("button", name="Send the invitations").click()
    expect(scene.olga.get_by_text("One invitation is on its way.")).to_be_visible()
    scene.comes_in()


@pytest.mark.parametrize(
    "way",
    [
        by_an_invitation,
        by_the_sign_up_page_of_an_open_company,
        by_the_sign_up_page_and_an_admins_approval,
        by_a_link_shared_inside,
        by_the_link_that_it_pushes_to_managed_devices,
        by_a_list_and_then_an_invitation,
    ],
)
def test_a_member_joins(scene: Scene, way: Callable[[Scene], None]) -> None:
    way(scene)

    scene.nadia.wait_for_url("**/tab")
    expect(scene.nadia.locator(".brand-name").first).to_have_text("Northwind")
    expect(scene.nadia.get_by_role("heading", level=1)).to_contain_text("Nadia")
    (nadia,) = people.people(by=scene.owner.id, search="nadia")
    assert (nadia.name, nadia.state, nadia.role) == ("Nadia Okafor", "active", "member")
