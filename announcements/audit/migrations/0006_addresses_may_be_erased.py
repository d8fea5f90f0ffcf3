"""An address may be taken out of an entry: the database lets that one word be replaced, and refuses any other change as before."""

from django.db import migrations

# What may say who somebody was: their address, what they were searched for by, what they called a token or a device.
NAMING = ("email", "address", "search", "name")


def _erased_on_sqlite(key):
    new, old = f"json_extract(NEW.details, '$.{key}')", f"json_extract(OLD.details, '$.{key}')"
    erased = f"{new} IS 'erased' AND json_type(OLD.details, '$.{key}') IS NOT NULL"
    if key == "name":
        erased += " AND (OLD.verb LIKE 'token%' OR OLD.verb LIKE 'device%')"
    return f"({new} IS {old} OR ({erased}))"


_REST = ", ".join(f"'$.{key}'" for key in NAMING)
ON_SQLITE = f"""
CREATE TRIGGER audit_entry_written_once BEFORE UPDATE ON audit_entry
WHEN NOT (
  NEW.id IS OLD.id AND NEW.workspace_id IS OLD.workspace_id AND NEW.at IS OLD.at AND NEW."by" IS OLD."by" AND NEW.verb IS OLD.verb
  AND NEW.subject IS OLD.subject AND NEW.subject_id IS OLD.subject_id
  AND json_remove(NEW.details, {_REST}) IS json_remove(OLD.details, {_REST})
  AND {" AND ".join(map(_erased_on_sqlite, NAMING))}
)
BEGIN SELECT RAISE(ABORT, 'an entry of the audit trail cannot be changed'); END
"""
BEFORE_ON_SQLITE = """
CREATE TRIGGER audit_entry_written_once BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an entry of the audit trail cannot be changed'); END
"""
ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION audit_entry_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  naming text[] := ARRAY['email', 'address', 'search', 'name'];
  one text;
BEGIN
  IF (NEW.id, NEW.workspace_id, NEW.at, NEW."by", NEW.verb, NEW.subject, NEW.subject_id, NEW.details - naming)
     IS DISTINCT FROM
     (OLD.id, OLD.workspace_id, OLD.at, OLD."by", OLD.verb, OLD.subject, OLD.subject_id, OLD.details - naming) THEN
    RAISE EXCEPTION 'an entry of the audit trail cannot be changed';
  END IF;
  FOREACH one IN ARRAY naming LOOP
    IF NEW.details -> one IS DISTINCT FROM OLD.details -> one
       AND NOT (OLD.details ? one AND NEW.details ->> one IS NOT DISTINCT FROM 'erased'
                AND (one <> 'name' OR OLD.verb LIKE 'token%' OR OLD.verb LIKE 'device%')) THEN
      RAISE EXCEPTION 'an entry of the audit trail cannot be changed';
    END IF;
  END LOOP;
  RETURN NEW;
END $$
"""
BEFORE_ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION audit_entry_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'an entry of the audit trail cannot be changed'; END $$
"""


def allow(apps, schema_editor):
    _put_up(schema_editor, ON_SQLITE, ON_POSTGRESQL)


def refuse(apps, schema_editor):
    _put_up(schema_editor, BEFORE_ON_SQLITE, BEFORE_ON_POSTGRESQL)


def _put_up(schema_editor, on_sqlite, on_postgresql):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(on_postgresql, params=None)
    else:
        schema_editor.execute("DROP TRIGGER audit_entry_written_once")
        schema_editor.execute(on_sqlite, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_never_deleted")]
    operations = [migrations.RunPython(allow, refuse)]
