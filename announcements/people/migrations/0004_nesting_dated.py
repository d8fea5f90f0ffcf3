"""How groups nest is told by placements alone; a name is one open group's, whatever its case."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0003_nesting_carried_over")]

    operations = [
        migrations.RemoveConstraint("group", "group_one_per_name"),
        migrations.AddConstraint(
            "group",
            models.UniqueConstraint(
                models.F("workspace"), models.F("compared"), condition=Q(ended_at=None), name="group_one_open_per_name"
            ),
        ),
        migrations.RemoveField("group", "parent"),
    ]
