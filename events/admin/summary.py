"""The lines of the living summary in the plain form of an event."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events import permissions, publishing
from events.forms.fields import directed
from events.models import Event, Post, SummaryLine
from events.publishing import Line


class PostSelect(AutocompleteSelect):
    """Names the chosen post from the line's own row, without a question of its own for each line."""

    known: Post | None = None

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        """The chosen post alone; the others are asked for as somebody types."""
        if self.known is None or [str(one) for one in value] != [self.known.pk]:
            return super().optgroups(name, value, attrs)
        options = [self.create_option(name, self.known.pk, str(self.known), True, 0)]
        if not self.is_required:
            options.insert(0, self.create_option(name, "", "", False, 0))
        return [(None, options, 0)]


class SummaryLineForm(forms.ModelForm):
    """One line and its place. The place is no field of the model here: two lines may change places."""

    place = forms.IntegerField(label=_("Place"), required=False, min_value=1, max_value=99)

    class Meta:
        model = SummaryLine
        fields = ("text", "knowing", "post")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        directed(self.fields, None, ("text",), ())
        if self.instance.pk:
            self.fields["place"].initial = self.instance.position + 1
        select = getattr(self.fields["post"].widget, "widget", None) if "post" in self.fields else None
        if isinstance(select, PostSelect):
            select.known = self.instance.post


class SummaryInline(admin.TabularInline):
    """What we know so far, in its order. Read by `summarise`; saves nothing itself."""

    model = SummaryLine
    form = SummaryLineForm
    fields = ("place", "text", "knowing", "post")
    autocomplete_fields = ("post",)
    extra = 1
    verbose_name_plural = _("what we know so far")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SummaryLine]:
        """The lines with their posts."""
        return super().get_queryset(request).select_related("post")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The post's field, which knows what it shows."""
        if db_field.name == "post":
            kwargs["widget"] = PostSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever steers the event."""
        return permissions.may_steer(request.user, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever steers the event."""
        return permissions.may_steer(request.user, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has a place at the desk."""
        return permissions.may_enter(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever steers the event."""
        return permissions.may_steer(request.user, obj)


def summarise(event: Event, formset: Any, *, by: User) -> None:
    """Publish the summary as the form has it, if anything of it was changed."""
    # Only so that the admin's log can say what changed.
    formset.save(commit=False)
    if not formset.has_changed():
        return
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    publishing.summarise(event, lines=_in_order(rows), by=by)


def _in_order(rows: Sequence[dict[str, Any]]) -> list[Line]:
    """The lines by their place; those without one come last, as they stand."""
    placed = sorted(rows, key=lambda row: row.get("place") or 100)
    return [Line(text=row["text"], knowing=row["knowing"], post=row["post"]) for row in placed if row.get("text")]
