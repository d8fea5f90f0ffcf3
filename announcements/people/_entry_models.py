"""The table of those who signed up and are nobody yet. Private: the door is services.py."""

from __future__ import annotations

from django.db import models


class SignUp(models.Model):
    """What somebody said of themselves, kept apart from people until they prove that the address is theirs.

    One address may have several: only whoever gets its mail can go on, each with their own.
    """

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=80)
    password = models.CharField(max_length=128)
    timezone = models.CharField(max_length=64, blank=True)
    company = models.CharField(max_length=80, blank=True)  # whose workspace they found; empty when they join one
    began_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["began_at"], name="sign_up_began"),  # the sweep
            models.Index(fields=["email"], name="sign_up_email"),  # proved: what others tried with it goes too
        ]

    def __str__(self) -> str:
        return self.email
