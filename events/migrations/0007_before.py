"""What a deed keeps of what was there before, so that it can be taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty for every deed that was done before."""

    dependencies = [
        ("events", "0006_together"),
    ]

    operations = [
        migrations.AddField(
            model_name="deed",
            name="before",
            field=models.JSONField(
                editable=False,
                help_text="What is needed to take it back within its window.",
                null=True,
                verbose_name="before",
            ),
        ),
    ]
