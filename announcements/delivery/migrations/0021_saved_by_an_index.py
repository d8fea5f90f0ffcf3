"""What is on somebody's list for later, for their feed."""

from django.db import migrations, models

from announcements.kernel.migrating import AddIndex


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('delivery', '0020_saved'),
    ]

    operations = [
        AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('saved_at__isnull', False)), fields=['recipient_id'], name='delivery_saved'),
        ),
    ]
