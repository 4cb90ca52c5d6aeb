"""One form, one deed: what the event's and the post's admin share."""

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.forms import BaseForm, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from js_asset import Media

from events import permissions
from events.models import Event
from events.publishing import Refused


class SentenceForm(ActionForm):
    """The actions of a list, with room for the sentence that some of them say."""

    sentence = forms.CharField(
        label=_lazy("Sentence or reason"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"size": 40}),
    )


class DeedsAdmin(admin.ModelAdmin):
    """A model whose rows change through `publishing` alone.

    A deed that is refused while the form is saved brings the same form back, with the
    sentence at its field and everything that was typed.
    """

    list_per_page = 50
    action_form = SentenceForm
    #: Who may do a deed to a row of an event; asked for each row.
    may_each = staticmethod(permissions.may_publish)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show or save the form, on the event's clocks; a refusal is one of the form's errors."""
        with timezone.override(self.get_zone(request, object_id)):
            try:
                answer = super().changeform_view(request, object_id, form_url, extra_context)
            except Refused as refused:
                # Outside the transaction, which is rolled back. The second pass reads the same POST
                # and stops at the form's own `clean`.
                request.refused = refused  # type: ignore[attr-defined]
                answer = super().changeform_view(request, object_id, form_url, extra_context)
            # Where the clocks are still set.
            return answer.render() if isinstance(answer, TemplateResponse) else answer

    def get_zone(self, request: HttpRequest, object_id: str | None) -> tzinfo:
        """The zone in which the form shows and reads times."""
        return timezone.get_default_timezone()

    def sentence(self, request: HttpRequest) -> str:
        """What was typed beside the actions of the list."""
        return request.POST.get("sentence", "")

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Return the form's class, knowing what publishing has said."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", None)  # type: ignore[attr-defined]
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the editor's import map, which is an inline script, this answer's nonce."""
        context["media"] = Media.from_media(context["media"], nonce=str(getattr(request, "csp_nonce", "")))
        return super().render_change_form(request, context, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here: what was public is withdrawn, or removed by law."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: BaseForm, change: bool) -> None:
        """Write nothing: `save_related` makes the one call, when the inlines are known too."""

    def each(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        deed: Callable[[Any], Any],
        done: Callable[[int], str],
        may: Callable[[Any, Event], bool] | None = None,
    ) -> None:
        """Do one deed for each row, where its event lets this user; say how many were done, and why others were not."""
        count = 0
        for row in rows:
            try:
                if not (may or self.may_each)(request.user, row if isinstance(row, Event) else row.event):
                    raise Refused(_("You may not do this in this event."))
                deed(row)
            except Refused as refused:
                text = _("“%(row)s”: %(reason)s") % {"row": str(row)[:60], "reason": refused.message}
                self.message_user(request, text, messages.WARNING)
            else:
                count += 1
        if count:
            self.message_user(request, done(count) % {"count": count}, messages.SUCCESS)


def take_over(obj: Model, present: Model) -> None:
    """Make the form's own instance be the row that publishing has written."""
    obj.__dict__.update(
        {name: value for name, value in present.__dict__.items() if name != "_prefetched_objects_cache"}
    )
