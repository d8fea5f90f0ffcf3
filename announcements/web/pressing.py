"""Whether somebody pressed the button of a page that is open to whoever has its address: a script that sends every form it meets is nobody."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.core import signing
from django.http import HttpRequest

# So long a person looks at least before they press.
A_LOOK = timedelta(seconds=1)
# They say of each form whether a person sent it (Fetch Metadata, Sec-Fetch-User), over every address that is safe from listeners.
TELLING = re.compile(r"(Chrome|Firefox)/")


def shown(token: str, *, now: datetime) -> str:
    """Return what says in a form, for one address alone, when it was shown."""
    return _signer(token).sign(f"{now.timestamp():.3f}")


def pressed(request: HttpRequest, token: str, *, now: datetime) -> bool:
    """Tell whether a person sent a form: the browser says so, or one that says nothing of the kind had shown it for a while."""
    if "Sec-Fetch-Mode" in request.headers and TELLING.search(request.headers.get("User-Agent", "")):
        return request.headers.get("Sec-Fetch-User") == "?1"
    try:
        since = float(_signer(token).unsign(request.POST.get("shown", "")))
    except signing.BadSignature:
        return False
    return now.timestamp() - since >= A_LOOK.total_seconds()


def _signer(token: str) -> signing.Signer:
    return signing.Signer(salt=f"web.pressing.{token}")
