"""A migration is run while processes of the version before still work: they must bear it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django_migration_linter import MigrationLinter

from announcements.audit import models as audit_models
from announcements.kernel import migrating

# The last migrations that no older version had to bear, because nothing was out yet. Only what comes after is looked at.
BASELINE = {
    "analytics": "0004_time_until_read",
    "api": "0001_initial",
    "audit": "0005_never_deleted",
    "delivery": "0016_what_people_had_to_read_by_the_index",
    "joining": "0001_initial",
    "media": "0001_initial",
    "people": "0014_sign_ups_apart_from_people",
    "porting": "0003_imports",
    "publishing": "0008_schedule_before",
    "roster": "0004_who_may_be_named_is_not_missing",
}
# What is found in a migration and may be there all the same, with the reason: {("people", "0099_…"): "…"}.
BORNE: dict[tuple[str, str], str] = {
    (
        "people",
        "0017_pairing_of_a_company",
    ): "pairings are gone after a day: an index over a handful of rows is made at once",
}
WHAT_TO_DO = """
An older version that still runs would fail on this, or writing would stop meanwhile. Give a new column a `db_default` or let it be
null; make and remove indexes of tables that grow with kernel.migrating; take a column away one version after the code that used it.
"""
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="only PostgreSQL is brought up to date while people work: make test-postgres",
)


def found(names: list[tuple[str, str]]) -> bool:
    """Lint these migrations; what is wrong is printed."""
    linter = MigrationLinter(no_cache=True, all_warnings_as_errors=True, quiet=["ok", "ignore"])
    for name in names:
        linter.lint_migration(linter.migration_loader.disk_migrations[name])
    return linter.has_errors


@on_postgresql
@pytest.mark.django_db(transaction=True)  # an index that is made aside is not made inside of one
def test_the_version_before_bears_every_new_migration(capsys: pytest.CaptureFixture[str]) -> None:
    known = MigrationLoader(connection).disk_migrations
    ours = [name for name, one in known.items() if one.__module__.startswith("announcements.")]
    new = sorted(name for name in ours if name[1] > BASELINE.get(name[0], ""))

    assert new
    assert not found([name for name in new if name not in BORNE]), capsys.readouterr().out + WHAT_TO_DO


@on_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("migration", "why"),
    [
        (("people", "0004_nesting_dated"), "DROPPING columns"),
        (("people", "0013_holidays"), "NOT NULL constraint"),
        (("audit", "0003_by_person"), "CREATE INDEX locks table"),
    ],
)
def test_what_it_could_not_bear_is_found(
    migration: tuple[str, str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found([migration])

    assert why in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_and_removed_outside_of_a_transaction() -> None:
    index = models.Index(fields=["verb", "by"], name="audit_made_aside")
    before = ProjectState.from_apps(apps)
    after = before.clone()
    add: migrations.AddIndex = migrating.AddIndex("entry", index)
    add.state_forwards("audit", after)

    with connection.schema_editor(atomic=False) as editor:
        add.database_forwards("audit", editor, before, after)
    made = _indexes()
    with connection.schema_editor(atomic=False) as editor:
        migrating.RemoveIndex("entry", "audit_made_aside").database_forwards("audit", editor, after, before)

    assert "audit_made_aside" in made
    assert "audit_made_aside" not in _indexes()


def _indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, audit_models.Entry._meta.db_table))
