"""Full-text search within an event: an index for each language that we speak, on PostgreSQL."""

from django.db import migrations

#: As they stand in events/search.py, where the same expressions ask for these indexes.
CONFIGURATIONS = ("english", "arabic", "hindi")
POST_WORDS = "headline || ' ' || key_label || ' ' || html || ' ' || byline"
SOURCE_WORDS = (
    "as_named || ' ' || as_role || ' ' || as_organisation || ' ' || described_as"
    " || ' ' || medium || ' ' || place || ' ' || quote"
)


def make(apps, schema_editor):
    """An expression index for each configuration that this server has."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config")
        known = {row[0] for row in cursor.fetchall()}
    for name in CONFIGURATIONS:
        if name in known:
            schema_editor.execute(
                f"CREATE INDEX post_search_{name} ON events_post USING gin"
                f" (to_tsvector('{name}', {POST_WORDS})) WHERE state = 'published'"
            )
            schema_editor.execute(
                f"CREATE INDEX attribution_search_{name} ON events_attribution USING gin"
                f" (to_tsvector('{name}', {SOURCE_WORDS}))"
            )


def unmake(apps, schema_editor):
    """Drop them."""
    if schema_editor.connection.vendor == "postgresql":
        for name in CONFIGURATIONS:
            for what in ("post", "attribution"):
                schema_editor.execute(f"DROP INDEX IF EXISTS {what}_search_{name}")


class Migration(migrations.Migration):
    """Not in the models' state: SQLite has no such index."""

    dependencies = [("events", "0008_hindi")]

    operations = [migrations.RunPython(make, unmake)]
