"""Tables of analytics: numbers kept as facts arrive. Private: the door is services.py. All of it can be made anew from the facts, until these are forgotten."""

from __future__ import annotations

from django.db import models

COUNTED = ("recipients", "displayed", "opened", "read", "acknowledged", "on_time", "unprompted", "at_work", "left")


class Book(models.Model):
    """A workspace's roll-ups: the lock of whoever writes them."""

    workspace_id = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"book of {self.workspace_id}"


class Move(models.Model):
    """Facts that changed and are not in the roll-ups yet: a list of [announcement, recipient, before, after], as _moves packs them."""

    workspace_id = models.BigIntegerField()
    moves = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "id"], name="move_next")]  # folding

    def __str__(self) -> str:
        return f"{len(self.moves)} moves"


class Kept(models.Model):
    """That an announcement's roll-ups stand. A stale one is made anew before it is looked at."""

    announcement_id = models.BigIntegerField(unique=True)
    workspace_id = models.BigIntegerField()
    published_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # until when confirming is on time; None where nobody asked
    stale = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    closed = models.BooleanField(
        default=False
    )  # facts about its reading were forgotten: these counts can not be made anew
    checked_at = models.DateTimeField()
    kind = models.CharField(max_length=10, blank=True)
    minutes = models.PositiveSmallIntegerField(default=1)  # of reading
    everyone = models.BooleanField(default=False)  # it is meant for all there are
    week = models.DateField(null=True)  # the Monday of its sums, on the company's clock
    weighed = models.BooleanField(default=False, db_default=False)  # which of its groups may be shown is known

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace_id", "due_at"], name="kept_by_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(fields=["workspace_id"], name="kept_unweighed", condition=models.Q(weighed=False)),
            models.Index(fields=["workspace_id", "published_at"], name="kept_by_time"),  # the organization's numbers
            models.Index(fields=["checked_at"], name="kept_unchecked"),  # the daily check
        ]

    def __str__(self) -> str:
        return f"kept {self.announcement_id}"


class Origin(models.Model):
    """A group its author belonged to when it was published, with those it was part of."""

    announcement = models.ForeignKey(
        Kept, models.DO_NOTHING, to_field="announcement_id", db_constraint=False, db_index=False, related_name="origins"
    )
    group_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "group_id"], name="origin_one_per_group")]

    def __str__(self) -> str:
        return f"{self.announcement_id} from {self.group_id}"


class Tally(models.Model):
    """How many of a group's people each fact holds for; group 0 is everybody. `left` are recipients deactivated since, counted nowhere else.

    `at_work` are those it reached in their working time. `pace` says how many had read it within so many working minutes, `wall`
    within so many as clocks on the wall count them. What is `shown` tells, beside the others that are, nothing of fewer than five people.
    """

    # Another table of this capability: sums of many announcements are made by the database, by week and kind.
    announcement = models.ForeignKey(
        Kept, models.DO_NOTHING, to_field="announcement_id", db_constraint=False, db_index=False, related_name="tallies"
    )
    group_id = models.BigIntegerField()
    recipients = models.IntegerField(default=0)
    displayed = models.IntegerField(default=0)
    opened = models.IntegerField(default=0)
    read = models.IntegerField(default=0)
    acknowledged = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    unprompted = models.IntegerField(default=0)
    at_work = models.IntegerField(default=0)
    left = models.IntegerField(default=0)
    pace = models.JSONField(default=dict)
    wall = models.JSONField(default=dict, db_default={})
    shown = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "group_id"], name="tally_one_per_group")]

    def __str__(self) -> str:
        return f"{self.announcement_id} in {self.group_id}"


class Pace(models.Model):
    """How many had read within so many minutes what was published in a week, by group and kind: the sums of `Tally.pace` and `wall`."""

    workspace_id = models.BigIntegerField()
    week = models.DateField()  # its Monday, on the company's clock
    group_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, blank=True)
    minutes = models.PositiveSmallIntegerField()
    many = models.IntegerField(default=0)  # of working time
    wall = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "week", "group_id", "kind", "minutes"], name="pace_one_per_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.many} within {self.minutes} minutes"


class Sum(models.Model):
    """The tallies of what was published in a week, added up by group, kind and whether they are shown.

    The first four count what asks to be confirmed; `minutes` are of reading, by all recipients; `waiting` have yet to read.
    """

    workspace_id = models.BigIntegerField()
    week = models.DateField()
    group_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, blank=True)
    shown = models.BooleanField()
    asked = models.BigIntegerField(default=0)
    on_time = models.BigIntegerField(default=0)
    confirmed = models.BigIntegerField(default=0)
    unprompted = models.BigIntegerField(default=0)
    recipients = models.BigIntegerField(default=0)
    minutes = models.BigIntegerField(default=0)
    at_work = models.BigIntegerField(default=0)
    waiting = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "week", "group_id", "kind", "shown"], name="sum_one_per_week"
            )
        ]

    def __str__(self) -> str:
        return f"{self.week} in {self.group_id}"


class Sent(models.Model):
    """What the authors of the same groups sent to a group in a week, or to everyone; `origins` are their groups, as in "3 17"."""

    workspace_id = models.BigIntegerField()
    week = models.DateField()
    group_id = models.BigIntegerField()
    shown = models.BooleanField()
    origins = models.TextField(blank=True)
    announcements = models.BigIntegerField(default=0)
    recipients = models.BigIntegerField(default=0)
    opened = models.BigIntegerField(default=0)
    read = models.BigIntegerField(default=0)
    acknowledged = models.BigIntegerField(default=0)
    minutes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "week", "group_id", "shown", "origins"], name="sent_one_per_week"
            )
        ]

    def __str__(self) -> str:
        return f"{self.announcements} to {self.group_id}"


class Length(models.Model):
    """How many announcements of so many minutes a week had, how many of them asked to be confirmed, and how many went across."""

    workspace_id = models.BigIntegerField()
    week = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    announcements = models.IntegerField(default=0)
    asking = models.IntegerField(default=0)
    across = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "week", "minutes"], name="length_one_per_week")]

    def __str__(self) -> str:
        return f"{self.announcements} of {self.minutes} minutes"


class Hour(models.Model):
    """How often a fact happened first by a channel in an hour: hour n ends n hours after publishing, 0 is the moment itself."""

    announcement_id = models.BigIntegerField()
    fact = models.CharField(max_length=12)
    channel = models.CharField(max_length=9)
    hour = models.IntegerField()
    many = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement_id", "fact", "channel", "hour"], name="hour_one_per_channel")
        ]

    def __str__(self) -> str:
        return f"{self.many} × {self.fact} in hour {self.hour}"


class Filling(models.Model):
    """How far what was fanned out has been looked through for announcements without roll-ups; one row."""

    after = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"filled until {self.after}"


class Gone(models.Model):
    """Somebody deactivated, whose facts are counted nowhere."""

    person_id = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"{self.person_id} is gone"
