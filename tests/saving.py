"""Saving for later, as somebody does it on the tab: its rows, their bookmarks, and the list."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from announcements.delivery import services as delivery
from announcements.people import services as people


def saved(person: people.Person) -> set[str]:
    """Return what is on somebody's list, as the hub knows it."""
    return {one.title for one in delivery.stored(by=person.id).deliveries if one.saved_at}


def arrived(page: Page, person: people.Person, titles: set[str]) -> None:
    """Wait until the hub knows just these."""
    for _try in range(100):
        if saved(person) == titles:
            return
        page.wait_for_timeout(100)
    raise AssertionError(saved(person))


def row(page: Page, title: str) -> Locator:
    """Return an announcement in the lists of the tab."""
    return page.get_by_role("main").get_by_role("listitem").filter(has=page.get_by_role("link", name=title, exact=True))


def mark(within: Locator | Page) -> Locator:
    """Return the bookmark of a row, of what is read in place, or of a page."""
    return within.get_by_role("button", name="Save for later")


def opened(page: Page) -> Locator:
    """Open the list, and return it."""
    page.get_by_role("banner").get_by_role("button", name="Saved for later").click()
    return page.get_by_role("dialog", name="Saved for later")
