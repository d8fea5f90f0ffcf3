"""The steps of nudging: a company's, and those of one announcement."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from announcements.kernel import errors

MOST = 3
LATEST = 720


def checked(hours: Sequence[float]) -> list[float]:
    """Return steps in hours after delivery; raise Invalid unless they are at most three, each later than the one before."""
    rising = list(hours) == sorted(set(hours))
    if len(hours) > MOST or not rising or not all(0 < step <= LATEST for step in hours):
        said = _("At most %(most)d steps, each later than the one before, up to %(latest)d hours after delivery.")
        raise errors.Invalid({"nudge_hours": [said % {"most": MOST, "latest": LATEST}]})
    return [float(step) for step in hours]
