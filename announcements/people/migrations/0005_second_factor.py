
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_nesting_dated'),
    ]

    operations = [
        migrations.AddField(
            model_name='workspace',
            name='second_factor_required',
            field=models.BooleanField(default=False),
        ),
    ]
