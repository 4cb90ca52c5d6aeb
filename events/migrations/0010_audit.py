"""A deed outlives the draft that it was done to, names it, and says what exactly was done."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def name_posts(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the deeds that are there the id of their post."""
    deeds = apps.get_model("events", "Deed").objects.filter(post__isnull=False, about="")
    deeds.update(about=models.F("post_id"))


class Migration(migrations.Migration):
    """Two columns that are empty until they are written, and no cascade."""

    dependencies = [
        ("events", "0009_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="deed",
            name="about",
            field=models.CharField(blank=True, db_default="", default="", max_length=16, verbose_name="post's id"),
        ),
        migrations.AddField(
            model_name="deed",
            name="detail",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Never a post's words.",
                max_length=200,
                verbose_name="detail",
            ),
        ),
        migrations.AlterField(
            model_name="deed",
            name="post",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="deeds",
                to="events.post",
            ),
        ),
        migrations.RunPython(name_posts, migrations.RunPython.noop),
    ]
