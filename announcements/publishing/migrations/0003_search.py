import hashlib
import json

from django.db import migrations, models

from announcements.publishing import _words

SQLITE = """CREATE VIRTUAL TABLE publishing_words
    USING fts5(title, summary, body, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')"""
POSTGRESQL = """CREATE TABLE publishing_words (
    rowid bigint PRIMARY KEY,
    title text NOT NULL,
    summary text NOT NULL,
    body text NOT NULL,
    vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title), 'A')
        || setweight(to_tsvector('simple', summary), 'B')
        || setweight(to_tsvector('simple', body), 'C')
    ) STORED
)"""
# Written rarely, read often: nothing waits in a list that each search would have to go through.
INDEX = "CREATE INDEX publishing_words_vector ON publishing_words USING gin (vector) WITH (fastupdate = off)"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)
    else:
        schema_editor.execute(POSTGRESQL)
        schema_editor.execute(INDEX)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE publishing_words")


def fill(apps, schema_editor):
    Announcement, Addressed, Words = (apps.get_model("publishing", n) for n in ("Announcement", "Addressed", "Words"))
    for row in Announcement.objects.order_by("id").iterator(500):
        Words.objects.create(pk=row.pk, **_words.said(row))
        if row.published_at:
            said = json.dumps(row.audience, sort_keys=True).encode()
            row.addressed = hashlib.blake2b(said, digest_size=12).hexdigest()
            row.save(update_fields=["addressed"])
            known = {"workspace_id": row.workspace_id, "key": row.addressed}
            Addressed.objects.get_or_create(**known, defaults={"audience": row.audience})


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_scheduling")]

    operations = [
        migrations.CreateModel(
            name="Addressed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("workspace_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=24)),
                ("audience", models.JSONField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("workspace_id", "key"), name="addressed_once")]},
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Words",
                    fields=[
                        (
                            "announcement_id",
                            models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False),
                        ),
                        ("title", models.TextField()),
                        ("summary", models.TextField()),
                        ("body", models.TextField()),
                    ],
                )
            ],
            database_operations=[migrations.RunPython(make, drop)],
        ),
        migrations.AddField("announcement", "addressed", models.CharField(blank=True, max_length=24)),
        migrations.AddIndex(
            "announcement",
            models.Index(
                condition=models.Q(("published_at__isnull", False)),
                fields=["workspace_id", "-published_at", "-id"],
                name="announcement_out",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
