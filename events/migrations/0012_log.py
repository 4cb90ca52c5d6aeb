"""The log of deeds is called so; no column changes."""

from django.db import migrations


class Migration(migrations.Migration):
    """Names alone."""

    dependencies = [("events", "0011_composer")]
    operations = [
        migrations.AlterModelOptions(
            name="deed",
            options={"ordering": ("-at", "-id"), "verbose_name": "log entry", "verbose_name_plural": "log"},
        ),
    ]
