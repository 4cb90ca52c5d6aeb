"""Roles in one event, and the plain admin for those who have nothing but such a role."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from events import permissions
from events.models import Role


class RoleInline(admin.TabularInline):
    """Who does what in this event, whatever their groups say; for administrators."""

    model = Role
    extra = 0
    classes = ("collapse",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only active members of the staff come in here at all."""
        if db_field.name == "user":
            users = db_field.remote_field.model.objects
            kwargs["queryset"] = users.filter(is_staff=True, is_active=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ByEventAdmin(admin.ModelAdmin):
    """A model whose rows belong to events: who may see any of it is asked of `permissions`, not of groups alone."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever has a place at any desk."""
        return permissions.may_enter(request.user)
