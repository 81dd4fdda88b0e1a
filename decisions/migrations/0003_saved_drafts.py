from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0002_afterwards"),
    ]

    operations: list = []
