"""What a reader has put on their own list for later."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0019_last_backup'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='saved_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='unsaved_at',
            field=models.DateTimeField(null=True),
        ),
    ]
