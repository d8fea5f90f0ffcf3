from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0009_one_test")]

    operations = [
        migrations.AddIndex(
            "delivery", models.Index(fields=["workspace_id", "delivered_at"], name="delivery_lately")
        ),
        migrations.RemoveIndex("delivery", "delivery_feed"),
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["recipient_id", "-delivered_at", "-id", "announcement_id"], name="delivery_feed"),
        ),
    ]
