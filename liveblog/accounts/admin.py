"""Members, and other people's logins and second factors, for administrators."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Permission, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events import permissions
from liveblog.accounts import sessions
from liveblog.accounts.browsers import name_of

# The first has no use here; of the others allauth's forms show secrets, and delete a row but not the session.
for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


admin.site.unregister(User)


@admin.register(User)
class MemberAdmin(UserAdmin):
    """Django's own form, in which whoever is given a group of the newsroom may also enter it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Set "Staff status" with the first permission of ours: without it the group opens no door.

        Only when groups or permissions change, so that an administrator can take the status away for a while.
        """
        super().save_related(request, form, formsets, change)
        user = form.instance
        if user.is_staff or not {"groups", "user_permissions"} & set(form.changed_data):
            return
        given = Permission.objects.filter(content_type__app_label="events")
        if given.filter(Q(group__user=user) | Q(user=user)).exists():
            user.is_staff = True
            user.save(update_fields=["is_staff"])
            messages.info(request, _("%(user)s has staff status now, and so may enter the newsroom.") % {"user": user})


class _ForAdministrators(admin.ModelAdmin):
    """Looked at and ended by whoever hands out the roles; a superuser's by superusers alone. Never written."""

    list_display_links = None
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "user__last_name")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return permissions.is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return permissions.is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the actions alone, which do all that belongs to it."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without superusers for all others."""
        rows = super().get_queryset(request)
        return rows if permissions.member(request.user).is_superuser else rows.exclude(user__is_superuser=True)


@admin.register(UserSession)
class SessionAdmin(_ForAdministrators):
    """Who is logged in, where and since when."""

    list_display = ("user", "browser", "ip", "created_at", "last_seen_at")
    date_hierarchy = "last_seen_at"
    ordering = ("-last_seen_at",)
    actions = ("end",)

    @admin.display(description=gettext_lazy("browser"))
    def browser(self, session: UserSession) -> str:
        """In words."""
        return name_of(session.user_agent)

    @admin.action(description=gettext_lazy("End these logins"))
    def end(self, request: HttpRequest, chosen: QuerySet[UserSession]) -> None:
        """Log them out at once, their desks with them."""
        rows = list(chosen)
        for row in rows:
            self.log_change(request, row.user, _("Ended a login (%s).") % name_of(row.user_agent))
        ended = sessions.end(rows)
        messages.success(request, ngettext("%d login ended.", "%d logins ended.", ended) % ended)


@admin.register(Authenticator)
class FactorAdmin(_ForAdministrators):
    """Who has a second factor, and its end when the phone and the codes are lost."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    actions = ("take_away",)

    @admin.action(description=gettext_lazy("Take away the second step (the phone is lost)"))
    def take_away(self, request: HttpRequest, chosen: QuerySet[Authenticator]) -> None:
        """Take away app and codes of these people, and end their logins; the next one is by password."""
        people = {row.user for row in chosen}
        for user in people:
            Authenticator.objects.filter(user=user).delete()
            sessions.end(UserSession.objects.filter(user=user).select_related("user"))
            self.log_change(request, user, _("Took away the second step."))
        done = ngettext("%d person logs in with the password alone, and sets it up anew.",
                        "%d people log in with the password alone, and set it up anew.", len(people))  # fmt: skip
        messages.success(request, done % len(people))
