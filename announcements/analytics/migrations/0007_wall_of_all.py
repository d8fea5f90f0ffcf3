from django.db import migrations


def count_anew(apps, schema_editor):
    """By the wall what went out before was never counted: it is before anybody looks at it, or by the sweep, as far as its facts are kept."""
    apps.get_model("analytics", "Kept").objects.filter(closed=False).update(stale=True)


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0006_by_the_wall'),
    ]

    operations = [
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
