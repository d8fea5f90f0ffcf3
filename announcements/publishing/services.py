"""The door of publishing: draft, schedule, publish, correct, pin, withdraw; and what was said when."""

from __future__ import annotations

from announcements.publishing import models
from announcements.publishing._asking import Asking, askings
from announcements.publishing._audiences import audience_of, stored_audience
from announcements.publishing._bringing import bring_in, may_come_in, take_back
from announcements.publishing._comparing import Difference, Mark, Part
from announcements.publishing._drafts import BIN, create, discard, duplicate, empty_bin, fetch_back, revise
from announcements.publishing._going_out import arrivals, due, go_out, publish, schedule, unschedule
from announcements.publishing._history import compared, difference, version_get, versions
from announcements.publishing._reading import (
    asked,
    asking,
    count_audience,
    get,
    get_many,
    listed_at,
    mine,
    tallies,
    written,
)
from announcements.publishing._reviewing import as_if, obstacles, usual_minutes
from announcements.publishing._rights import find, managed, may_change
from announcements.publishing._searching import (
    Hit,
    Narrowed,
    Readership,
    Span,
    archive,
    archive_authors,
    audiences,
    readable,
    search,
)
from announcements.publishing._standing import correct, expire, pin, restore_version, unpin, withdraw
from announcements.publishing._templates import (
    Template,
    TemplateWords,
    TooManyTemplates,
    create_template,
    remove_template,
    save_as_template,
    template,
    templates,
    update_template,
)
from announcements.publishing._values import (
    UNSET,
    Again,
    AlreadyPublished,
    AlreadyWithdrawn,
    Announcement,
    Arrival,
    AudienceCount,
    Change,
    Draft,
    Kind,
    NotAuthor,
    NotPublished,
    NotScheduled,
    OwnClock,
    Scheduled,
    Shelf,
    Stale,
    State,
    TooManyPinned,
    Version,
    When,
)
from announcements.publishing._wholes import Whole, count_wholes, wholes
from announcements.publishing._words import rebuild

TEMPLATE_ICONS = models.ICONS

__all__ = [
    "BIN", "TEMPLATE_ICONS", "UNSET", "Again", "AlreadyPublished", "AlreadyWithdrawn", "Announcement", "Arrival", "Asking", "AudienceCount", "Change",
    "Difference", "Draft", "Hit", "Kind", "Mark", "Narrowed", "NotAuthor", "NotPublished", "NotScheduled", "OwnClock", "Part",
    "Readership", "Scheduled", "Shelf", "Span", "Stale", "State", "Template", "TemplateWords", "TooManyPinned", "TooManyTemplates",
    "Version", "When", "Whole", "archive", "archive_authors", "arrivals", "as_if", "asked", "asking", "askings",
    "audience_of", "audiences", "bring_in", "compared", "correct", "count_audience", "count_wholes", "create", "create_template",
    "difference", "discard", "due", "duplicate", "empty_bin", "expire", "fetch_back", "find", "get", "get_many", "go_out", "listed_at",
    "managed", "may_change", "may_come_in", "mine", "obstacles", "pin", "publish", "readable", "rebuild", "remove_template", "restore_version",
    "revise", "save_as_template", "schedule", "search", "stored_audience", "take_back", "tallies", "template", "templates", "unpin",
    "unschedule", "update_template", "usual_minutes", "version_get", "versions", "wholes", "withdraw", "written",
]  # fmt: skip
