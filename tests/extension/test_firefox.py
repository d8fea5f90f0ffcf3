"""The same extension in Firefox: the real new tab, connected, cut off, restarted in mind and sent."""

from __future__ import annotations

import json
import shutil
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from announcements.delivery import services as delivery
from announcements.management.extension import making
from announcements.people import services as people
from tests.extension.conftest import device_of, unpack
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
    """A Firefox with the extension."""

    def __init__(self, extension: Path) -> None:
        origin = str(uuid.uuid4())
        preferences = {
            "extensions.webextensions.uuids": json.dumps(
                {making.manifest("firefox")["browser_specific_settings"]["gecko"]["id"]: origin}
            ),
            "browser.newtabpage.enabled": True,
        }
        self.driver = Marionette(
            bin=FIREFOX, headless=True, app_args=["-remote-allow-system-access"], prefs=preferences,
            gecko_log=str(extension.parent / "gecko.log"),
        )  # fmt: skip
        self.driver.start_session()
        Addons(self.driver).install(str(extension), temp=True)

    def new_tab(self, typed: str = "") -> None:
        """Press Ctrl+T, type at once, and look at the new tab."""
        before = set(self.driver.window_handles)
        with self.driver.using_context("chrome"):
            keys = self.driver.actions.sequence("key", "keyboard")
            keys.key_down(Keys.CONTROL).key_down("t").key_up("t").key_up(Keys.CONTROL).send_keys(typed).perform()
        wait_for(lambda: set(self.driver.window_handles) - before, "no tab came")
        self.driver.switch_to_window(next(iter(set(self.driver.window_handles) - before)), focus=False)

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
    made = Fox(unpack(tmp_path / "extension", making.files("firefox")))
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
