"""Places of people; groups with descriptions, rules, dated nesting and an end."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField("person", "location", models.CharField(blank=True, default="", max_length=80), preserve_default=False),
        migrations.AddField("group", "description", models.CharField(blank=True, default="", max_length=500), preserve_default=False),
        migrations.AddField("group", "compared", models.TextField(default=""), preserve_default=False),
        migrations.AddField("group", "rule", models.JSONField(null=True)),
        migrations.AddField("group", "rule_due_at", models.DateTimeField(null=True)),
        migrations.AddField("group", "ended_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "group", models.Index(condition=Q(rule_due_at__isnull=False), fields=["rule_due_at"], name="group_rule_due")
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="placements", to="people.group")),
                ("parent", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="placed_below", to="people.group")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=Q(ended_at=None), fields=["group"], name="placement_one_open"),
                    models.CheckConstraint(
                        condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="placement_ends_after_start"
                    ),
                    models.CheckConstraint(condition=~Q(group=F("parent")), name="placement_not_in_itself"),
                ]
            },
        ),
    ]  # fmt: skip
