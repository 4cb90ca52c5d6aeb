"""The past of a post in the plain admin: its versions, each of which can be had again, its notes, and who did what."""

import secrets
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from events import permissions
from events.forms.choices import REVISIONS
from events.forms.deeds.deed import Forbidden
from events.forms.desk import perform
from events.publishing import Refused


class PastAdmin(admin.ModelAdmin):
    """Posts with a history that leads back."""

    object_history_template = "admin/events/post/object_history.html"

    def get_urls(self) -> list[URLPattern]:
        """One address more, before the admin's own, which end in a catch-all."""
        view = self.admin_site.admin_view(self.bring_back)
        return [path("<str:object_id>/bring-back/", view, name="events_post_bring_back"), *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The post's past: its words as they stood, the public notes, and who did what."""
        post = self.get_object(request, object_id)
        if post is not None:
            if not permissions.may_publish(request.user, post.event):
                raise PermissionDenied(_("Only an editor may look into the past of a post."))
            extra_context = {
                "revisions": post.revisions.select_related("by").order_by("-number"),
                "notes": post.corrections.select_related("by"),
                "deeds": post.deeds.select_related("by"),
                "changes": REVISIONS,
                "may_bring_back": post.is_public and permissions.may_publish(request.user, post.event),
                "present": post.revision,
            } | (extra_context or {})
        return super().history_view(request, object_id, extra_context)

    def bring_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make an earlier version's words a new one: POST ``number``, ``change`` and ``note``."""
        post = self.get_object(request, object_id)
        given = request.POST
        history = HttpResponseRedirect(reverse("admin:events_post_history", args=[object_id]))
        if post is None or request.method != "POST":
            return history
        content = {
            "post": post.pk,
            "key": f"form-{secrets.token_hex(12)}",
            "number": int(given["number"]) if given.get("number", "").isdecimal() else None,
            "revision": int(given["revision"]) if given.get("revision", "").isdecimal() else None,
            "change": given.get("change", ""),
            "note": given.get("note", ""),
        }
        try:
            _done, said = perform("bring_back", post.event, permissions.member(request.user), content)
        except Refused as refused:
            self.message_user(request, refused.message, messages.ERROR)
        except Forbidden as forbidden:
            self.message_user(request, str(forbidden) or str(_("You may not do this.")), messages.ERROR)
        else:
            self.message_user(request, said, messages.SUCCESS)
        return history
