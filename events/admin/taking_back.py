"""What the list of posts can do to words that are out already: hold, withdraw, restore."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events import permissions, publishing
from events.admin.deeds import DeedsAdmin
from events.models import Post


class TakingBackAdmin(DeedsAdmin):
    """Posts whose words can be taken from the readers, and given back."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Who may change what readers see."""
        return permissions.may_publish(request.user)

    @admin.action(description=_("Hold: readers see that we are checking it"), permissions=["publish"])
    def hold_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Take the words away while they are checked."""
        self.each(
            request,
            rows,
            lambda post: publishing.hold(post, by=permissions.member(request.user)),
            lambda count: ngettext("%(count)d post is held.", "%(count)d posts are held.", count),
        )

    @admin.action(description=_("Withdraw (the sentence stands in its place)"), permissions=["publish"])
    def withdraw_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Withdraw, with the sentence that was typed beside the actions."""
        note = self.sentence(request)
        self.each(
            request,
            rows,
            lambda post: publishing.withdraw(post, by=permissions.member(request.user), note=note),
            lambda count: ngettext("%(count)d post is withdrawn.", "%(count)d posts are withdrawn.", count),
        )

    @admin.action(description=_("Retract (the sentence says why)"), permissions=["publish"])
    def retract_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Stand by them no longer, with the sentence that was typed beside the actions."""
        note = self.sentence(request)
        self.each(
            request,
            rows,
            lambda post: publishing.retract(post, by=permissions.member(request.user), note=note),
            lambda count: ngettext("%(count)d post is retracted.", "%(count)d posts are retracted.", count),
        )

    @admin.action(description=_("Restore what was held or withdrawn"), permissions=["publish"])
    def restore_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Show the words again, in their place."""
        self.each(
            request,
            rows,
            lambda post: publishing.restore(post, by=permissions.member(request.user)),
            lambda count: ngettext("%(count)d post is public again.", "%(count)d posts are public again.", count),
        )
