import django.db.models.deletion
from django.db import migrations, models


def who_is_there_needs_no_wizard(apps, schema_editor):
    """Close the set-up of companies that were founded before there was one."""
    apps.get_model("people", "Workspace").objects.update(setup_closed_at=models.F("created_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_second_factor'),
    ]

    operations = [
        migrations.AddField(
            model_name='workspace',
            name='clocks',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='workspace',
            name='links',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='workspace',
            name='logo',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='workspace',
            name='privacy',
            field=models.CharField(choices=[('standard', 'standard'), ('open', 'open'), ('works_council', 'works_council')], default='standard', max_length=13),
        ),
        migrations.AddField(
            model_name='workspace',
            name='retention_days',
            field=models.PositiveSmallIntegerField(default=90),
        ),
        migrations.AddField(
            model_name='workspace',
            name='setup',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='workspace',
            name='setup_closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='workspace',
            name='setup_draft',
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='MailServer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=253)),
                ('port', models.PositiveIntegerField()),
                ('tls', models.CharField(choices=[('starttls', 'starttls'), ('tls', 'tls'), ('none', 'none')], max_length=8)),
                ('user', models.CharField(blank=True, max_length=254)),
                ('password', models.CharField(blank=True, max_length=2000)),
                ('sender', models.EmailField(max_length=254)),
                ('changed_at', models.DateTimeField()),
                ('workspace', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mail_server', to='people.workspace')),
            ],
        ),
        migrations.RunPython(who_is_there_needs_no_wizard, migrations.RunPython.noop, elidable=True),
    ]
