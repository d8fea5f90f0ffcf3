from django.db import migrations, models

from announcements.kernel import migrating


def count_anew(apps, schema_editor):
    """What is kept is in no sums by week yet: each announcement is counted before anybody looks at it, or by the sweep."""
    apps.get_model("analytics", "Pace").objects.all().delete()
    apps.get_model("analytics", "Kept").objects.update(stale=True)


class Migration(migrations.Migration):

    atomic = False  # indexes are made beside who writes

    dependencies = [
        ('analytics', '0004_time_until_read'),
    ]

    operations = [
        migrations.CreateModel(
            name='Length',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('week', models.DateField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('announcements', models.IntegerField(default=0)),
                ('asking', models.IntegerField(default=0)),
                ('across', models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Sent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('week', models.DateField()),
                ('group_id', models.BigIntegerField()),
                ('shown', models.BooleanField()),
                ('origins', models.TextField(blank=True)),
                ('announcements', models.BigIntegerField(default=0)),
                ('recipients', models.BigIntegerField(default=0)),
                ('opened', models.BigIntegerField(default=0)),
                ('read', models.BigIntegerField(default=0)),
                ('acknowledged', models.BigIntegerField(default=0)),
                ('minutes', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Sum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('week', models.DateField()),
                ('group_id', models.BigIntegerField()),
                ('kind', models.CharField(blank=True, max_length=10)),
                ('shown', models.BooleanField()),
                ('asked', models.BigIntegerField(default=0)),
                ('on_time', models.BigIntegerField(default=0)),
                ('confirmed', models.BigIntegerField(default=0)),
                ('unprompted', models.BigIntegerField(default=0)),
                ('recipients', models.BigIntegerField(default=0)),
                ('minutes', models.BigIntegerField(default=0)),
                ('at_work', models.BigIntegerField(default=0)),
                ('waiting', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='kept',
            name='week',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='kept',
            name='weighed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='tally',
            name='shown',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrating.AddIndex(
            model_name='kept',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['workspace_id', 'due_at'], name='kept_by_due'),
        ),
        migrating.AddIndex(
            model_name='kept',
            index=models.Index(condition=models.Q(('weighed', False)), fields=['workspace_id'], name='kept_unweighed'),
        ),
        migrations.AddConstraint(
            model_name='length',
            constraint=models.UniqueConstraint(fields=('workspace_id', 'week', 'minutes'), name='length_one_per_week'),
        ),
        migrations.AddConstraint(
            model_name='sent',
            constraint=models.UniqueConstraint(fields=('workspace_id', 'week', 'group_id', 'shown', 'origins'), name='sent_one_per_week'),
        ),
        migrations.AddConstraint(
            model_name='sum',
            constraint=models.UniqueConstraint(fields=('workspace_id', 'week', 'group_id', 'kind', 'shown'), name='sum_one_per_week'),
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
