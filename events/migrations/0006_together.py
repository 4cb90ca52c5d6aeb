"""When a post last changed hands, and the four groups: what each may do everywhere where no role says otherwise."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

VIEWER = ("view_event", "view_post", "view_source", "view_attribution")
CONTRIBUTOR = (
    *VIEWER, "add_post", "change_post", "add_source", "add_attribution", "change_attribution", "delete_attribution",
)  # fmt: skip
EDITOR = (
    *CONTRIBUTOR, "add_event", "change_event", "publish_event", "publish_post", "change_source", "view_partner",
    "view_deed", "view_revision",
)  # fmt: skip
ADMINISTRATOR = (
    *EDITOR, "remove_post", "view_role", "add_role", "change_role", "delete_role", "add_partner", "change_partner",
    "delete_partner",
)  # fmt: skip
GROUPS = {"administrator": ADMINISTRATOR, "editor": EDITOR, "contributor": CONTRIBUTOR, "viewer": VIEWER}


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the groups with their permissions; a group that is there already gains what it lacks."""
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
    """Schema and data in one, on PostgreSQL too: the data is of other tables."""

    dependencies = [
        ("events", "0005_due"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AddField(
            model_name="post",
            name="handed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="submitted or sent back"),
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
