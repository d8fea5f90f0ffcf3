"""What hung below what becomes a placement since the group was made; names get the form they are compared in."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import migrations


def compared(name: str) -> str:
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", seen.casefold())


def carry_over(apps: Any, _editor: Any) -> None:
    Group, Placement = apps.get_model("people", "Group"), apps.get_model("people", "Placement")
    taken = set()
    for group in Group.objects.order_by("id"):
        name, number = group.name, 1
        # Names that differed only by the case of other letters than A to Z were two until now.
        while (group.workspace_id, compared(name)) in taken:
            number += 1
            name = f"{group.name[:74]} ({number})"
        taken.add((group.workspace_id, compared(name)))
        group.name, group.compared = name, compared(name)
        group.save(update_fields=["name", "compared"])
        if group.parent_id:
            Placement.objects.create(group_id=group.pk, parent_id=group.parent_id, started_at=group.created_at)


def carry_back(apps: Any, _editor: Any) -> None:
    Group, Placement = apps.get_model("people", "Group"), apps.get_model("people", "Placement")
    for placement in Placement.objects.filter(ended_at=None):
        Group.objects.filter(pk=placement.group_id).update(parent_id=placement.parent_id)
    Placement.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0002_groups")]

    operations = [migrations.RunPython(carry_over, carry_back)]
