from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_profile'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='key_round',
            field=models.PositiveIntegerField(default=1),
        ),
    ]
