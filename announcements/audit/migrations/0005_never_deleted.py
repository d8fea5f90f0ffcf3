"""An entry stays: the database itself refuses to delete one, and on PostgreSQL to truncate the table."""

from django.db import migrations

ON_SQLITE = """
CREATE TRIGGER audit_entry_never_deleted BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an entry of the audit trail cannot be deleted'); END
"""
ON_POSTGRESQL = """
CREATE FUNCTION audit_entry_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'an entry of the audit trail cannot be deleted'; END $$;
CREATE TRIGGER audit_entry_never_deleted BEFORE DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_never_deleted();
CREATE TRIGGER audit_entry_never_truncated BEFORE TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_never_deleted()
"""


def put_up(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(ON_POSTGRESQL if postgresql else ON_SQLITE, params=None)


def take_down(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_entry_never_truncated ON audit_entry")
        schema_editor.execute("DROP TRIGGER audit_entry_never_deleted ON audit_entry")
        schema_editor.execute("DROP FUNCTION audit_entry_never_deleted()")
    else:
        schema_editor.execute("DROP TRIGGER audit_entry_never_deleted")


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_about_member")]
    operations = [migrations.RunPython(put_up, take_down)]
