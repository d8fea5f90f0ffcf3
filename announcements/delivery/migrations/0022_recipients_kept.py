"""Whom each announcement was frozen for, in short."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0021_saved_by_an_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='fanout',
            name='recipients',
            field=models.TextField(null=True),
        ),
    ]
