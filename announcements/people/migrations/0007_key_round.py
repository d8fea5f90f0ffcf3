from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_workspace_settings'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='key_round',
            field=models.PositiveIntegerField(default=1),
        ),
    ]
