"""What the list of posts can do to what is not public yet: claim, send back, throw away."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import permissions, publishing
from events.admin.deeds import DeedsAdmin
from events.models import Event, Post


class HandingAdmin(DeedsAdmin):
    """Posts that go from hand to hand before they are public."""

    def has_write_permission(self, request: HttpRequest) -> bool:
        """Who may write anywhere; to which post is asked for each."""
        return permissions.may_submit(request.user)

    @admin.action(description=_("Claim (submissions)"), permissions=["publish"])
    def claim_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Say that one works on them; what somebody else has claimed stays theirs."""
        self.each(
            request,
            rows,
            lambda post: publishing.claim(post, by=permissions.member(request.user)),
            lambda count: ngettext("%(count)d post is claimed.", "%(count)d posts are claimed.", count),
        )

    @admin.action(description=_("Send back (the sentence is the reason)"), permissions=["publish"])
    def send_back_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Make submissions their authors' drafts again; they read the reason."""
        reason = self.sentence(request)
        self.each(
            request,
            rows,
            lambda post: publishing.send_back(post, by=permissions.member(request.user), reason=reason),
            lambda count: ngettext("%(count)d post is sent back.", "%(count)d posts are sent back.", count),
        )

    @admin.action(description=_("Throw away (what was never public)"), permissions=["write"])
    def delete_drafts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Delete drafts and submissions; what was public is refused."""
        mine = {post.pk for post in rows.select_related("event") if permissions.may_edit(request.user, post)}

        def delete(post: Post) -> None:
            if post.pk not in mine:
                raise publishing.Refused(gettext("Only its author and the editors may throw this away."))
            publishing.delete_draft(post, by=permissions.member(request.user))

        def may(_user: object, event: Event) -> bool:
            return permissions.may_submit(request.user, event)

        self.each(
            request,
            rows,
            delete,
            lambda count: ngettext("%(count)d post is thrown away.", "%(count)d posts are thrown away.", count),
            may,
        )
