"""The same extension in Firefox: the real new tab, connected, cut off, restarted in mind and sent."""

from __future__ import annotations

import json
import shutil
import socket
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from announcements.delivery import services as delivery
from announcements.joining import services as joining
from announcements.management.extension import making, packing
from announcements.people import services as people
from tests.extension.conftest import device_of, unpack
from tests.extension.test_policy import APART, needs_views
from tests.extension.test_policy_examples import example
from tests.extension.wire import Wire

with warnings.catch_warnings():  # Mozilla's own driver is older than some rules of Python
    warnings.simplefilter("ignore")
    from marionette_driver.addons import Addons
    from marionette_driver.keys import Keys
    from marionette_driver.marionette import Marionette

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(FIREFOX is None, reason="no Firefox; `bin/services firefox` says how to get one"),
    # Mozilla's driver leaves some of its own files to be closed by themselves.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def wait_for(holds: Callable[[], Any], said: str) -> None:
    for _try in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(said)


class Fox:
    """A Firefox with the extension; without a folder of it, with what a policy installs."""

    def __init__(self, folder: Path, extension: Path | None, binary: str | None = FIREFOX) -> None:
        origin = str(uuid.uuid4())
        preferences = {
            "extensions.webextensions.uuids": json.dumps(
                {making.manifest("firefox")["browser_specific_settings"]["gecko"]["id"]: origin}
            ),
            "browser.newtabpage.enabled": True,
        }
        with socket.create_server(("127.0.0.1", 0)) as free:  # no two on one machine may meet
            port = free.getsockname()[1]
        self.driver = Marionette(
            port=port, bin=binary, headless=True, app_args=["-remote-allow-system-access"], prefs=preferences,
            gecko_log=str(folder / "gecko.log"),
        )  # fmt: skip
        self.driver.start_session()
        if extension:
            Addons(self.driver).install(str(extension), temp=True)

    def new_tab(self, typed: str = "") -> None:
        """Press Ctrl+T, type at once, and look at the new tab."""
        before = set(self.driver.window_handles)
        with self.driver.using_context("chrome"):
            keys = self.driver.actions.sequence("key", "keyboard")
            keys.key_down(Keys.CONTROL).key_down("t").key_up("t").key_up(Keys.CONTROL).send_keys(typed).perform()
        wait_for(lambda: set(self.driver.window_handles) - before, "no tab came")
        self.driver.switch_to_window(next(iter(set(self.driver.window_handles) - before)), focus=False)

    def new_tab_address(self) -> str:
        """Return what a new tab shows; a browser that is not ready yet does not know."""
        with self.driver.using_context("chrome"):
            found: str = self.driver.execute_script("return AboutNewTab.newTabURL ?? ''")
        return found

    def press(self, keys: str) -> None:
        """Press keys, wherever the focus is in the window."""
        with self.driver.using_context("chrome"):
            self.driver.actions.sequence("key", "keyboard").send_keys(keys).perform()

    def address_bar(self) -> tuple[str, bool]:
        """Return what stands in the address bar, and whether it has the focus."""
        with self.driver.using_context("chrome"):
            value, focused = self.driver.execute_script("return [gURLBar.value, gURLBar.focused]")
        return value, focused

    def said(self) -> str:
        """Return what is on the page."""
        found: str = self.driver.execute_script("return document.body ? document.body.innerText : ''")
        return found

    def keep(self, **values: Any) -> None:
        """Make the extension keep something."""
        self.driver.execute_async_script(
            "const [text, done] = arguments; const it = window.wrappedJSObject;"
            "it.browser.storage.local.set(it.JSON.parse(text)).then(() => done())",
            script_args=[json.dumps(values)],
        )

    def click(self, selector: str) -> None:
        """Click what a selector finds."""
        self.driver.find_element("css selector", selector).click()


@pytest.fixture
def fox(tmp_path: Path) -> Iterator[Fox]:
    made = Fox(tmp_path, unpack(tmp_path / "extension", making.files("firefox")))
    yield made
    made.driver.quit()
    made.driver.cleanup()


def test_what_is_confirmed_offline_is_sent_on_return(
    fox: Fox, wire: Wire, announce: Any, maya: people.Person, at: Any
) -> None:
    item = announce("New badges", body="<p>Fetch yours at the desk.</p>")
    fox.new_tab()
    wait_for(lambda: "Connect this tab" in fox.said(), "the page never came")
    fox.keep(hub={"url": wire.url, "token": device_of(maya, at), "me": maya.id})
    wait_for(lambda: "New badges" in fox.said(), "the feed never came")
    wait_for(lambda: "Good " in fox.said(), "the name never came")
    assert fox.driver.execute_script("return document.activeElement === document.body")
    wire.cut()

    fox.new_tab()
    wait_for(lambda: "You’re offline." in fox.said(), "it never noticed")
    fox.click("[data-list=required] button")
    wait_for(lambda: "One confirmation is waiting to be sent." in fox.said(), "it was not kept")
    wire.mend()
    fox.new_tab()

    wait_for(lambda: "You have read everything you were asked to" in fox.said(), "it was never sent")
    ways = lambda: {one.recipient_id: one.acknowledged_via for one in delivery.facts(announcement_id=item.id)}  # noqa: E731  asked until it is so
    wait_for(lambda: ways()[maya.id] == "extension", "the hub never heard of it")


def test_the_address_bar_keeps_the_focus_and_every_character_while_the_tab_loads(
    fox: Fox, wire: Wire, announce: Any, maya: people.Person, at: Any
) -> None:
    items = [announce(f"Number {number}", ask=number == 7) for number in range(50)]
    fox.new_tab()  # above the first one Firefox asks whether it may, and takes the focus for that
    fox.new_tab("before it is connected ")
    wait_for(lambda: "Connect this tab" in fox.said(), "the page never came")
    fox.press("and after")
    assert fox.address_bar() == ("before it is connected and after", True)
    fox.keep(hub={"url": wire.url, "token": device_of(maya, at), "me": maya.id})
    wait_for(lambda: "Number 7" in fox.said(), "the feed never came")

    # From what it keeps, and while it asks the hub; the keys are those that the tab itself knows.
    for slow in (False, True):
        wire.delay = 0.3 if slow else 0
        fox.new_tab("jm/1?")
        wait_for(lambda: "Number 7" in fox.said(), "nothing was kept")
        fox.press("km")
        wait_for(lambda: fox.driver.execute_script("return document.body.dataset.drawn === ''"), "it never lived")
        fox.press(" end")
        assert fox.address_bar() == ("jm/1?km end", True)
        assert fox.driver.execute_script("return document.activeElement === document.body")
        assert fox.driver.execute_script("return document.querySelector('dialog[open]') === null")
    assert not [one for one in delivery.facts(announcement_id=items[7].id) if one.acknowledged_at]


@needs_views
def test_a_firefox_with_the_documented_policy_has_it_and_knows_its_hub(
    live_server: Any, settings: Any, tmp_path: Path, olga: people.Person, maya: people.Person, hub_of: Any, at: Any
) -> None:
    link = joining.create_claim_link(by=olga.id, name="Browser policy", limits=joining.Limits(), now=at)
    hub = live_server.url.replace("localhost", "127.0.0.1")
    settings.BASE_URL, settings.EXTENSION = hub, str(tmp_path / "dist")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "mantel.xpi").write_bytes(packing.packed(making.files("firefox")))
    text = example("Firefox").replace("https://mantel.example.com", hub).replace("tkn", link.token)
    policies: dict[str, Any] = json.loads(text)
    # Nobody has signed what a test builds; the builds that companies use let IT say that this is fine.
    policies["policies"]["Preferences"] = {"xpinstall.signatures.required": {"Value": False, "Status": "locked"}}
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "policies.json").write_text(json.dumps(policies))
    installed = Path(str(FIREFOX)).resolve().parent
    for name in ("application.ini", "platform.ini"):  # its driver looks for them beside what it starts
        (tmp_path / name).symlink_to(installed / name)
    wrapper = tmp_path / "firefox"
    mount = f'mount --bind {tmp_path / "policy"} {installed / "distribution"} && exec {FIREFOX} "$@"'
    wrapper.write_text(f"#!/bin/sh\nexec {' '.join(APART)} sh -c '{mount}' firefox \"$@\"\n")
    wrapper.chmod(0o755)
    managed = Fox(tmp_path, None, str(wrapper))
    try:
        wait_for(lambda: "moz-extension" in managed.new_tab_address(), "it was never installed")
        managed.new_tab()
        wait_for(lambda: "Connect to Northwind Freight" in managed.said(), "it knows no company")
        code = lambda: managed.driver.execute_script("return document.querySelector('[data-slot=code]').textContent")  # noqa: E731  asked twice
        wait_for(code, "it never began")
        hub_of(maya).post("/connect", {"code": code(), "do": "connect"})
        wait_for(lambda: "Maya" in managed.said(), "it was never connected")
    finally:
        managed.driver.quit()
        managed.driver.cleanup()
