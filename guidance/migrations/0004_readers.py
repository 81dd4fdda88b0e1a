from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("guidance", "0003_published_is_final")]

    operations = []
