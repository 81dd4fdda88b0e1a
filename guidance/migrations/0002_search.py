import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


def search_index(model_name, title, text):
    return migrations.AddIndex(
        model_name=model_name,
        index=django.contrib.postgres.indexes.GinIndex(
            django.contrib.postgres.search.CombinedSearchVector(
                django.contrib.postgres.search.SearchVector(title, config="english", weight="A"),
                "||",
                django.contrib.postgres.search.SearchVector(text, config="english", weight="B"),
                django.contrib.postgres.search.SearchConfig("english"),
            ),
            name=f"{model_name}_search",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("guidance", "0001_initial")]

    operations = [
        TrigramExtension(),
        search_index("section", "title", "body"),
        search_index("example", "title", "body"),
        search_index("principle", "title", "explanation"),
        search_index("question", "text", "hint"),
    ]
