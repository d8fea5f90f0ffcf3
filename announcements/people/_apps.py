"""Programs that people may connect: our own new tab, and those an operator has registered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _tokens, models
from announcements.people._values import SCOPES

# Where a browser hands an extension's answer back to it. Each company signs its own build, so that ids differ.
OWN_REDIRECT = re.compile(r"https://(?:[a-p]{32}\.chromiumapp\.org|[0-9a-f]{40}\.extensions\.allizom\.org)/[a-z]{0,20}")
MACHINE = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True)
class App:
    """A program that may be connected, what it may ask for, and where it may be sent back to."""

    id: str
    name: str
    scopes: tuple[str, ...]
    redirects: tuple[str, ...] = ()

    def returns_to(self, redirect: str) -> bool:
        """Tell whether a browser may be sent back there: an address of its list, exactly; the new tab's own."""
        return redirect in self.redirects or (self.id == NEW_TAB.id and bool(OWN_REDIRECT.fullmatch(redirect)))


NEW_TAB = App("mantel-new-tab", "Mantel new tab", ("feed:read", "receipts:write"))


def app(app_id: str) -> App:
    """Return a program that may be connected; raise Invalid."""
    if app_id == NEW_TAB.id:
        return NEW_TAB
    row = models.App.objects.filter(pk=app_id, ended_at=None).first()
    if row is None:
        raise errors.Invalid({"client_id": [_("There is no such program here. An operator registers it.")]})
    return App(row.pk, row.name, tuple(row.scopes), tuple(row.redirects))


def app_names(ids: Iterable[str]) -> dict[str, str]:
    """Return what programs are called, ended ones too."""
    return dict(models.App.objects.filter(pk__in=set(ids)).values_list("id", "name")) | {NEW_TAB.id: NEW_TAB.name}


def check_app(*, app_id: str, scopes: object, redirects: object) -> None:
    """Check what an operator registers; raise Invalid by field."""
    wrong: dict[str, list[str]] = {}
    if app_id == NEW_TAB.id:
        wrong["id"] = [_("This is our own new tab. It needs no registration.")]
    if not _texts(scopes) or not scopes or set(scopes) - SCOPES:  # type: ignore[call-overload]  # texts
        allowed = ", ".join(sorted(SCOPES))
        wrong["scopes"] = [_("Give a list of at least one of: %(allowed)s.") % {"allowed": allowed}]
    if not _texts(redirects) or not all(map(_safe, redirects)):  # type: ignore[call-overload]  # texts
        wrong["redirects"] = [
            _("Give a list of https:// addresses without #; http:// only on the person's own machine.")
        ]
    if wrong:
        raise errors.Invalid(wrong)


def _texts(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) for one in given)


def _safe(address: str) -> bool:
    parts = urlsplit(address)
    own = parts.scheme == "http" and parts.hostname in MACHINE
    return bool((own or parts.scheme == "https") and parts.hostname and not parts.fragment and len(address) <= 500)


@transaction.atomic
def end_app(*, app_id: str, now: datetime) -> None:
    """End a program: every device of it, at once, and every pairing. Operators do it."""
    models.App.objects.filter(pk=app_id, ended_at=None).update(ended_at=now)
    models.Pairing.objects.filter(app=app_id).delete()
    for device in models.Token.objects.filter(app=app_id, revoked_at=None).select_related("person"):
        _tokens.end(device, "device_ended", now)
