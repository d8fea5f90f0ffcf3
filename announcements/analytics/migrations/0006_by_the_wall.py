from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0005_sums_by_week'),
    ]

    # What was counted before is counted anew as of the next migration.
    operations = [
        migrations.AddField(
            model_name='pace',
            name='wall',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='tally',
            name='wall',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
