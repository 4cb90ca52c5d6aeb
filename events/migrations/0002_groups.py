"""The groups: an editor publishes, a contributor submits."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CONTRIBUTOR = (
    "view_event",
    "view_post",
    "add_post",
    "change_post",
    "view_source",
    "add_source",
    "view_attribution",
    "add_attribution",
    "change_attribution",
    "delete_attribution",
)
EDITOR = (
    *CONTRIBUTOR,
    "add_event",
    "change_event",
    "publish_event",
    "publish_post",
    "change_source",
    "view_partner",
    "view_deed",
    "view_revision",
)
GROUPS = {"contributor": CONTRIBUTOR, "editor": EDITOR}


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make both groups with their permissions; a group that is there already gains what it lacks."""
    # Django makes permissions after the last migration: on an empty database there are none yet.
    config = apps.get_app_config("events")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _made = group_model.objects.get_or_create(name=name)
        group.permissions.add(
            *permission_model.objects.filter(content_type__app_label="events", codename__in=codenames)
        )


class Migration(migrations.Migration):
    """Made by hand: data only."""

    dependencies = [
        ("events", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
