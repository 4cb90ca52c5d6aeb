"""Roles in one event, and the plain admin for those who have nothing but such a role."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from events import permissions
from events.models import Role


class RoleInline(admin.TabularInline):
    """Who does what in this event, whatever their groups say; for administrators."""

    model = Role
    extra = 0
    classes = ("collapse",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only whose account is active comes in here at all."""
        if db_field.name == "user":
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(is_active=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def let_in(request: HttpRequest, roles: Iterable[Role]) -> None:
    """Give "Staff status" to whoever has just been given a role: without it the role opens no door."""
    for role in roles:
        if not role.user.is_staff:
            role.user.is_staff = True
            role.user.save(update_fields=["is_staff"])
            told = _("%(user)s has staff status now, and so may enter the newsroom.") % {"user": role.user}
            messages.info(request, told)


class ByEventAdmin(admin.ModelAdmin):
    """A model whose rows belong to events: who may see any of it is asked of `permissions`, not of groups alone."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever has a place at any desk."""
        return permissions.may_enter(request.user)
