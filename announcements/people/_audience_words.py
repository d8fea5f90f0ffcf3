"""An audience in words. Exceptions are told to those who manage what is said, never to its readers: who is left out is not theirs to know."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from announcements.people import models
from announcements.people._audience_values import Attribute, AttributeField, Audience, Except

FIELDS: dict[AttributeField, Promise] = {
    "location": gettext_lazy("Location"),
    "title": gettext_lazy("Title"),
    "timezone": gettext_lazy("Time zone"),
    "locale": gettext_lazy("Language"),
}


def audiences_in_words(*, workspace_id: int, audiences: Sequence[Audience], whole: bool) -> list[str]:
    """Return each audience as one would say it, such as "Operations, Customer Care; Porto; 3 people except Sales". Empty for nobody.

    Groups and attributes are named, people counted. Only `whole`, for those who manage what is said, tells of exceptions.
    """
    wanted = {id for one in audiences for id in (*one.group_ids, *one.except_.group_ids)}
    rows = models.Group.objects.of(workspace_id).filter(pk__in=wanted) if wanted else ()
    names = {row.pk: row.name for row in rows}
    return [_said(one, names, whole=whole) for one in audiences]


def attribute_in_words(*, attribute: Attribute) -> str:
    """Return what an attribute's value is called: a place by its name, a language by its own name."""
    if attribute.field == "timezone":
        return _("%(place)s time") % {"place": attribute.value.rpartition("/")[2].replace("_", " ")}
    if attribute.field == "locale":
        return str(LANG_INFO.get(attribute.value.casefold(), {}).get("name_local", attribute.value))
    return attribute.value


def _said(audience: Audience, names: dict[int, str], *, whole: bool) -> str:
    chosen = [_("Everyone")] if audience.everyone else _parts(audience, names)
    left_out = _parts(audience.except_, names) if whole else []
    if not chosen or not left_out:
        return "; ".join(chosen)
    return _("%(chosen)s except %(left_out)s") % {"chosen": "; ".join(chosen), "left_out": "; ".join(left_out)}


def _parts(chosen: Audience | Except, names: dict[int, str]) -> list[str]:
    groups = sorted(names[group_id] for group_id in chosen.group_ids if group_id in names)
    many = len(chosen.person_ids)
    people = [ngettext("%(many)d person", "%(many)d people", many) % {"many": many}] if many else []
    return [", ".join(part) for part in (groups, _values(chosen.attributes), people) if part]


def _values(attributes: Collection[Attribute]) -> list[str]:
    order = list(FIELDS)
    return [
        attribute_in_words(attribute=one)
        for one in sorted(attributes, key=lambda one: (order.index(one.field), one.value))
    ]
