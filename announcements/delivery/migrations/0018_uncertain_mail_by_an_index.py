"""What nobody knows the end of, by workspace, for the status."""

from django.db import migrations, models

from announcements.kernel.migrating import AddIndex


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('delivery', '0017_words_of_a_test'),
    ]

    operations = [
        AddIndex(
            model_name=kind,
            index=models.Index(condition=models.Q(('state', 'uncertain')), fields=['workspace_id'], name=f'{kind}_uncertain'),
        )
        for kind in ('nudge', 'digest')
    ]
