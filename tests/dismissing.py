"""Dismissing news, as the hub knows it."""

from __future__ import annotations

from playwright.sync_api import Page

from announcements.delivery import services as delivery
from announcements.people import services as people


def dismissed(person: people.Person) -> set[str]:
    """Return what somebody has dismissed, as far as the hub has heard."""
    kept = delivery.stored(by=person.id).deliveries
    return {one.title for one in kept if any(fact.fact == "dismissed" for fact in one.facts)}


def heard(page: Page, person: people.Person, titles: set[str]) -> None:
    """Wait until the hub knows just these."""
    for _try in range(100):
        if dismissed(person) == titles:
            return
        page.wait_for_timeout(100)
    raise AssertionError(dismissed(person))
