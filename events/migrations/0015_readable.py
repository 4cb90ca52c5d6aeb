from django.db import migrations, models


def count(apps, _schema_editor):
    """How many posts of each event can be read by now."""
    post, stream = apps.get_model("events", "Post"), apps.get_model("events", "Stream")
    public = post.objects.filter(event=models.OuterRef("event"), state="published").order_by()
    counted = public.values("event").annotate(number=models.Count("pk")).values("number")
    stream.objects.update(readable=models.functions.Coalesce(models.Subquery(counted), 0))


class Migration(migrations.Migration):
    dependencies = [("events", "0014_picture")]

    operations = [
        migrations.AddField(
            model_name="stream",
            name="readable",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="posts that can be read"),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
