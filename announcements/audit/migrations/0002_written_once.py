"""An entry is written once: the database itself refuses to change one."""

from django.db import migrations

ON_SQLITE = """
CREATE TRIGGER audit_entry_written_once BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an entry of the audit trail cannot be changed'); END
"""
ON_POSTGRESQL = """
CREATE FUNCTION audit_entry_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'an entry of the audit trail cannot be changed'; END $$;
CREATE TRIGGER audit_entry_written_once BEFORE UPDATE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_written_once()
"""


def put_up(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(ON_POSTGRESQL if postgresql else ON_SQLITE, params=None)


def take_down(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_entry_written_once ON audit_entry")
        schema_editor.execute("DROP FUNCTION audit_entry_written_once()")
    else:
        schema_editor.execute("DROP TRIGGER audit_entry_written_once")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
