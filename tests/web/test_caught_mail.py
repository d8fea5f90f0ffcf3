"""Mail that the local catcher kept, as pages."""

from __future__ import annotations

import mailbox
from email.message import EmailMessage
from typing import Any

from django.test import RequestFactory, override_settings

from hub import mailbox as pages


def test_a_mail_with_a_picture_inside_is_shown_as_a_mail_program_would(tmp_path: Any) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "New badges", "maya@northwind.test"
    mail.set_content("<html><head></head><body><p>Fetch <b>yours</b>.</p></body></html>", subtype="html")
    mail.add_related(b"GIF89a", "image", "gif", cid="<logo>")
    box = mailbox.Maildir(tmp_path / "mail", create=True)
    key = box.add(mail.as_bytes())

    with override_settings(MAIL_CATCHER=str(tmp_path / "mail"), ROOT_URLCONF="tests.web.caught_urls"):
        shown = pages.letter(RequestFactory().get("/mail/x"), key).content.decode()

    assert "<iframe" in shown
    assert "data-here" in shown
