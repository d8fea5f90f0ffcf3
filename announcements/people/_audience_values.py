"""The values of audiences: whom something is meant for, and what one may choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AttributeField = Literal["location", "title", "timezone", "locale"]
OptionType = Literal["everyone", "group", "attribute", "person"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Those of whom something is true, such as that they work in Porto; whatever the case of letters."""

    field: AttributeField
    value: str


@dataclass(frozen=True, slots=True)
class Except:
    """Who is left out, however they were chosen: groups (with their sub-groups), people, attributes."""

    group_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom something is meant for: everyone, or the union of groups (with their sub-groups), people and attributes; less `except_`.

    Whatever is chosen adds people, whatever is excepted takes them away, in any order.
    """

    everyone: bool = False
    group_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    except_: Except = Except()


@dataclass(frozen=True, slots=True)
class AudienceOption:
    """Something to choose for an audience. `people` counts who that is now; `detail` tells it from others of its name.

    `id` is a group's or person's, `field` and `value` an attribute's, `kind` a group's.
    """

    type: OptionType
    label: str
    people: int
    id: int | None = None
    field: AttributeField | None = None
    value: str = ""
    kind: str = ""
    detail: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """How many of an audience are in a time zone, and the id of one of them."""

    timezone: str
    people: int
    person_id: int
