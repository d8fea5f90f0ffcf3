"""Indexes for the sorts of the list of people."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_workspace_settings")]

    operations = [
        migrations.AddIndex(
            "person", models.Index(fields=["workspace", "last_seen_on", "id"], name="person_by_last_seen")
        ),
        migrations.AddIndex("person", models.Index(fields=["workspace", "joined_at", "id"], name="person_by_joined")),
        migrations.AddIndex("person", models.Index(fields=["workspace", "role", "name", "id"], name="person_by_role")),
    ]
