"""Every page is guarded: what it may load and run, which devices it may ask for, who may show it, and that it is asked for encrypted."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from hub import guarding
from tests.security.matrix import accounts, operators, pages
from tests.security.matrix.asking import KEPT, filled
from tests.security.matrix.rows import Row, read
from tests.security.matrix.world import World
from tests.security.test_matrix import ROWS, world

__all__ = ["world"]
PAGES = [row for area in (pages, accounts, operators) for row in read(area.TABLE) if row.method == "GET"]


def asked(row: Row, world: World, who: str) -> Any:
    client = Client(headers={"x-forwarded-proto": "https"})
    if who:
        client.cookies[django_settings.SESSION_COOKIE_NAME] = world.sessions[who]
    try:
        return client.get("/" + filled(row.path, world.own), secure=True)
    finally:
        KEPT.flushall()


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_a_page_is_guarded_whoever_asks_for_it(row: Row, db: None, world: World, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 3600
    if row.path.startswith("mail/"):
        settings.MAIL_CATCHER = settings.MATRIX_MAIL

    for who in ("", "member", "owner", "operator"):
        answer = asked(row, world, who)
        if answer.get("Content-Type", "").startswith("text/html"):
            assert unguarded(answer) == [], (who, answer.headers)


def test_nothing_but_the_worker_of_the_tab_is_taken_for_a_script(db: None, world: World, settings: Any) -> None:
    settings.MAIL_CATCHER = settings.MATRIX_MAIL
    answers = {row.path: asked(row, world, "owner") for row in ROWS if row.method == "GET"}

    scripts = {path for path, answer in answers.items() if "javascript" in answer.get("Content-Type", "")}
    assert scripts == {"tab/worker.js"}
    assert {path for path, answer in answers.items() if answer.get("X-Content-Type-Options") != "nosniff"} == set()


def unguarded(answer: Any) -> list[str]:
    """Return what is missing."""
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    missing = []
    if "sandbox" not in policy:  # in a sandbox nothing runs at all
        missing += [
            name
            for name in ("default-src", "base-uri", "frame-ancestors")
            if policy.get(name) not in ("'none'", "'self'")
        ]
        missing += [] if "require-trusted-types-for" in policy or _of_others(answer) else ["trusted types"]
        missing += [name for name, said in policy.items() if "unsafe" in said or "*" in said]
    for name, wanted in (
        ("X-Content-Type-Options", {"nosniff"}),
        ("X-Frame-Options", {"DENY", "SAMEORIGIN"}),
        ("Referrer-Policy", {"same-origin", "no-referrer"}),
        ("Cross-Origin-Opener-Policy", {"same-origin"}),
        ("Cross-Origin-Resource-Policy", {"same-origin"}),
        ("Permissions-Policy", {guarding.PERMISSIONS}),
        ("Strict-Transport-Security", {"max-age=3600"}),
    ):
        missing += [] if answer.get(name) in wanted else [name]
    return missing


def _of_others(answer: Any) -> bool:
    """Tell whether a page is of a library whose scripts do not know trusted types: the operators' admin, the pages of the API."""
    return answer.wsgi_request.path.startswith(("/admin/", "/api/"))
