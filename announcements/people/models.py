"""Tables of people. Private: the door is services.py."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Concat, Lower, NullIf
from django.utils.crypto import salted_hmac

from announcements.kernel.clocks import WorkingTime
from announcements.people._entry_models import SignUp
from announcements.people._group_models import Group, Membership, MembershipQuerySet, Placement, holding
from announcements.people._key_models import App, Pairing, Token
from announcements.people._mail_models import MailServer

__all__ = [
    "App", "Domain", "Group", "MailServer", "Membership", "MembershipQuerySet", "Pairing", "Person", "Placement", "SignUp", "Token", "Workspace",
    "holding",
]  # fmt: skip


def monday_to_friday() -> list[int]:
    """Return the usual working week, Monday 0."""
    return [0, 1, 2, 3, 4]


def working_time(zone: str, days: list[int], starts: time, ends: time, away: list[list[str]]) -> WorkingTime:
    """Return when somebody is at work, of whose row these are columns."""
    absences = tuple([(date.fromisoformat(first), date.fromisoformat(last)) for first, last in away])
    return WorkingTime(timezone=zone, days=tuple(days), starts=starts, ends=ends, away=absences)


@lru_cache(4096)
def kept_working_time(zone: str, days: str, starts: str, ends: str, away: str) -> WorkingTime:
    """Return the same, of columns as the database keeps them: one value for all who work alike."""
    hours = time.fromisoformat(starts), time.fromisoformat(ends)
    return working_time(zone, json.loads(days), *hours, json.loads(away))


def first_second_third_day() -> list[float]:
    """Return the usual steps of nudging, in hours after delivery."""
    return [24, 48, 72]


class Workspace(models.Model):
    """A company. Several live in one installation and never see each other."""

    name = models.CharField(max_length=80)
    timezone = models.CharField(max_length=64, default="UTC")
    work_days = models.JSONField(default=monday_to_friday)
    work_starts = models.TimeField(default=time(9))
    work_ends = models.TimeField(default=time(18))
    nudge_hours = models.JSONField(default=first_second_third_day)
    join_policy = models.CharField(
        max_length=8, choices=[(p, p) for p in ("open", "approval", "invite")], default="approval"
    )
    brand_hue = models.PositiveSmallIntegerField(default=165)
    second_factor_required = models.BooleanField(default=False)
    calendar = models.CharField(max_length=12, blank=True)  # of public holidays: PT, DE-BY
    group_calendars = models.BooleanField(default=False)  # whether any group names a calendar of its own
    sign_in_to_acknowledge = models.BooleanField(default=False)  # a mail link alone confirms nothing
    logo = models.CharField(max_length=64, blank=True)  # the hash of its content; empty without one
    privacy = models.CharField(
        max_length=13, choices=[(p, p) for p in ("standard", "open", "works_council")], default="standard"
    )
    retention_days = models.PositiveSmallIntegerField(default=90)
    clocks = models.JSONField(default=list)
    links = models.JSONField(default=list)
    setup = models.JSONField(default=dict)  # step -> done or skipped
    setup_draft = models.BigIntegerField(null=True)
    setup_closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """An email domain a workspace has claimed, proved by a verified address."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    """People in the words of the product."""

    def of(self, workspace_id: int) -> PersonQuerySet:
        """Keep the people of one workspace who are known by name."""
        return self.filter(workspace_id=workspace_id, erased_at=None)

    def search(self, text: str) -> PersonQuerySet:
        """Keep whose name, title, address or location has this in it, whatever its case."""
        return self.filter(searched__contains=Lower(Value(text)))

    def active_at(self, at: datetime) -> PersonQuerySet:
        """Keep who had joined and was not deactivated at that instant."""
        return self.filter(joined_at__lte=at).exclude(deactivated_at__lte=at)

    def active(self) -> PersonQuerySet:
        """Keep who has joined and is not deactivated."""
        return self.filter(joined_at__isnull=False, deactivated_at=None)


def _lines(*parts: Any) -> Concat:
    """Join texts, each a line of its own: a search is one line, so none is found across two of them."""
    first, *others = parts
    return Concat(first, *(part for other in others for part in (Value("\n"), other)), output_field=models.TextField())


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]  # the stubs do not know generic managers
    """Finds people by address whatever its case, as sign-in needs it."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person with this address; raise DoesNotExist."""
        person: Person = self.get(email__iexact=username)
        return person


class Person(AbstractBaseUser):
    """Somebody of one workspace. Invited until `joined_at`, deactivated from `deactivated_at`."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="persons")
    email = models.EmailField(max_length=254)
    # The address they were asked in by, where it is a person's of another company already: then `email` is nobody's.
    elsewhere = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=80)
    title = models.CharField(max_length=80, blank=True)
    location = models.CharField(max_length=80, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    about = models.TextField(max_length=500, blank=True)
    picture = models.CharField(max_length=64, blank=True)  # the hash of its content; empty without one
    role = models.CharField(max_length=6, choices=[(r, r) for r in ("member", "admin", "owner")], default="member")
    locale = models.CharField(max_length=12, default="en")
    timezone = models.CharField(max_length=64, default="UTC")
    work_days = models.JSONField(default=monday_to_friday)
    work_starts = models.TimeField(default=time(9))
    work_ends = models.TimeField(default=time(18))
    away = models.JSONField(default=list)
    theme = models.CharField(max_length=6, choices=[(t, t) for t in ("system", "light", "dark")], default="system")
    # What they decide about their own new tab: {"off": [parts], "links": [links]}.
    own_tab = models.JSONField(default=dict, db_default={})
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    deactivated_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # since when the row names nobody
    last_seen_on = models.DateField(null=True)
    # What a search looks through, kept by the database: made anew for each row it takes four times as long. Asked for by line.
    searched = models.GeneratedField(
        expression=Lower(_lines("name", "title", Coalesce(NullIf("elsewhere", Value("")), "email"), "location")),
        output_field=models.TextField(),
        db_persist=True,
    )
    last_login = None  # last_seen_on says it
    # Rises when every key this person holds must die: sessions, tokens, mail links.
    epoch = models.PositiveIntegerField(default=1)
    # Rises when the feed keys that a token or device made must die; the others' programs make new ones.
    key_round = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_one_per_address"),
            models.UniqueConstraint(
                fields=["workspace", "elsewhere"], condition=~Q(elsewhere=""), name="person_one_elsewhere"
            ),
            models.CheckConstraint(condition=Q(role__in=["member", "admin", "owner"]), name="person_role_known"),
        ]
        indexes = [  # the list of people, as it is sorted
            models.Index(fields=["workspace", "name", "id"], name="person_by_name"),
            models.Index(fields=["workspace", "last_seen_on", "id"], name="person_by_last_seen"),
            models.Index(fields=["workspace", "role", "name", "id"], name="person_by_role"),
            # by when they joined; and who is there is counted by it alone, without reading a row
            models.Index(fields=["workspace", "joined_at", "id", "deactivated_at", "erased_at"], name="person_here"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # it follows from times
        """Tell Django's sign-in whether this person may come in."""
        return self.joined_at is not None and self.deactivated_at is None

    def get_session_auth_hash(self) -> str:
        """Return what a session must match: it changes with the password and with the epoch."""
        return salted_hmac("people.session", f"{self.password}-{self.epoch}", algorithm="sha256").hexdigest()

    def working_time(self) -> WorkingTime:
        """Return when this person is at work."""
        return working_time(self.timezone, self.work_days, self.work_starts, self.work_ends, self.away)
