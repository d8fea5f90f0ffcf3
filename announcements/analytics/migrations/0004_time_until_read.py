from django.db import migrations, models
from django.db.migrations import operations as ops


def count_anew(apps, schema_editor):
    """What is kept now was never counted: each announcement is, before anybody looks at it, or by the sweep."""
    apps.get_model("analytics", "Kept").objects.update(stale=True)


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0003_closed'),
    ]

    operations = [
        migrations.AddField(
            model_name='kept',
            name='everyone',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='kept',
            name='kind',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='kept',
            name='minutes',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        # The column stays what it is: an id without a constraint. Only the model learns that it can be joined.
        migrations.SeparateDatabaseAndState(state_operations=[
            ops.RemoveConstraint(model_name='tally', name='tally_one_per_group'),
            ops.RemoveField(model_name='tally', name='announcement_id'),
            ops.AddField(
                model_name='tally',
                name='announcement',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=models.deletion.DO_NOTHING, related_name='tallies', to='analytics.kept', to_field='announcement_id'),
                preserve_default=False,
            ),
            ops.AddConstraint(
                model_name='tally',
                constraint=models.UniqueConstraint(fields=('announcement', 'group_id'), name='tally_one_per_group'),
            ),
        ]),
        migrations.AddField(
            model_name='tally',
            name='at_work',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='tally',
            name='pace',
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group_id', models.BigIntegerField()),
                ('announcement', models.ForeignKey(db_constraint=False, db_index=False, on_delete=models.deletion.DO_NOTHING, related_name='origins', to='analytics.kept', to_field='announcement_id')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('announcement', 'group_id'), name='origin_one_per_group')],
            },
        ),
        migrations.CreateModel(
            name='Pace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('week', models.DateField()),
                ('group_id', models.BigIntegerField()),
                ('kind', models.CharField(blank=True, max_length=10)),
                ('minutes', models.PositiveSmallIntegerField()),
                ('many', models.IntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'week', 'group_id', 'kind', 'minutes'), name='pace_one_per_step')],
            },
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
