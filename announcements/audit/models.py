"""Tables of audit. Private: the door is services.py."""

from __future__ import annotations

from django.db import models
from django.db.models.fields.json import KeyTransform


class Entry(models.Model):
    """Something somebody did. Triggers of the database refuse to change or delete one; see decisions/0028."""

    workspace_id = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-at", "-id"], name="audit_newest"),  # the list
            models.Index(fields=["workspace_id", "verb", "-at", "-id"], name="audit_by_verb"),  # the list of one verb
            models.Index(fields=["by", "-at", "-id"], name="audit_by_person"),  # what somebody did
            models.Index(
                fields=["subject_id", "-at", "-id"], condition=models.Q(subject="person"), name="audit_about_person"
            ),  # what was done to somebody
            # what was done to somebody's place in a group, by the detail that names them
            models.Index(
                KeyTransform("person_id", "details"),
                models.F("at").desc(),
                models.F("id").desc(),
                condition=models.Q(subject="group"),
                name="audit_about_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} by {self.by}"
