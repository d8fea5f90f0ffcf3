"""Counting who is there reads no rows."""

from django.db import migrations, models

from announcements.kernel.migrating import AddIndex, RemoveIndex


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ("people", "0018_person_own_tab"),
    ]

    operations = [
        AddIndex(
            model_name="person",
            index=models.Index(
                fields=["workspace", "joined_at", "id", "deactivated_at", "erased_at"], name="person_here"
            ),
        ),
        RemoveIndex(model_name="person", name="person_by_joined"),
    ]
