"""The table of companies' own mail servers. Private: the door is services.py."""

from __future__ import annotations

from django.db import models


class MailServer(models.Model):
    """A company's own SMTP server. Its password is sealed, and no door shows it."""

    workspace = models.OneToOneField("people.Workspace", on_delete=models.CASCADE, related_name="mail_server")
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    tls = models.CharField(max_length=8, choices=[(t, t) for t in ("starttls", "tls", "none")])
    user = models.CharField(max_length=254, blank=True)
    password = models.CharField(max_length=2000, blank=True)
    sender = models.EmailField(max_length=254)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.host
