"""How a line is asked: by whom, for whose things, and what came back. Nothing that it did stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import redis
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.pictures import picture
from tests.security.matrix.rows import Row
from tests.security.matrix.world import Things

KEPT = redis.Redis.from_url(settings.REDIS_URL)
FILES = {
    "<picture>": (picture(), "image/png"),
    "<csv>": (b"name,email\n", "text/csv"),
    "<bytes>": (b"# Hi\n", "application/octet-stream"),
    "<form>": (encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("x.png", picture())}), MULTIPART_CONTENT),
}
SIGN_IN = ("/accounts/login/", "/admin/login/", "http://hub.test/accounts/login/")


def ask(row: Row, things: Things, *, session: str = "", key: str = "") -> tuple[str, str]:
    """Send what a line says, in a browser that holds a session, or by a program that holds a key, or neither.

    Return the answer as a table writes it, and its text; then undo whatever it did.
    """
    client = Client(headers={"Authorization": f"Bearer {key}"} if key else {})
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    content, kind = _body(row, things)
    try:
        with transaction.atomic():
            answer = client.generic(row.method, "/" + filled(row.path, things), content, kind)
            said = "".join(chunk.decode(errors="replace") for chunk in answer)
            transaction.set_rollback(True)
    finally:
        KEPT.flushall()
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
    return "in" if to_sign_in else str(answer.status_code), said


def filled(text: str, things: Mapping[str, Any]) -> str:
    """Put the things into their names."""
    return re.sub(r"{([\w:]+)}", lambda name: str(things[name[1]]), text)


def _body(row: Row, things: Things) -> tuple[bytes, str]:
    if row.body in FILES:
        return FILES[row.body]
    kind = "application/json" if row.path.startswith("api/") else "application/x-www-form-urlencoded"
    return filled(row.body, things).encode(), kind if row.body else ""
