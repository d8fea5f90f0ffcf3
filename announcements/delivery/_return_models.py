"""The table of what came back about our mail. Private: the door is services.py."""

from __future__ import annotations

from django.db import models

MAILS = ("nudge", "digest", "test")
WHATS = ("delivered", "delayed", "bounced", "complained")


class Return(models.Model):
    """Word from outside about a mail that was submitted. `event` is what it is known by where it came from: it counts once."""

    workspace_id = models.BigIntegerField()
    mail = models.CharField(max_length=6, choices=[(mail, mail) for mail in MAILS])
    mail_id = models.BigIntegerField()
    what = models.CharField(max_length=10, choices=[(what, what) for what in WHATS])
    address = models.EmailField(max_length=254)
    said = models.CharField(max_length=300, blank=True)
    came_at = models.DateTimeField()
    event = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event"], name="return_counts_once")]
        indexes = [models.Index(fields=["mail", "mail_id"], name="return_of_mail")]  # the delivery log

    def __str__(self) -> str:
        return f"{self.mail} {self.mail_id} {self.what}"
