from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0002_afterwards"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="saved",
            field=models.JSONField(default=dict),
        ),
    ]
