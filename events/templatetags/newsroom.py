"""How the page writes times, names and attributions, in the active language."""

import re
from datetime import UTC, datetime, timedelta
from datetime import date as Day
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import dates, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events import facades, separators, text
from events.models import Attribution, Event, Post, StandingChange
from events.models.attribution import Basis, Verb
from events.models.post import Precision, Standing

register = template.Library()

#: A revise this soon after publishing is no edit that readers are told of.
EDIT_GRACE = timedelta(seconds=120)
KEY_WORDS = 60


@register.simple_tag
def house() -> str:
    """The name of the site: for pages that are given nothing, as those of errors are."""
    return str(settings.SITE_NAME)


@register.simple_tag
def live_minutes() -> int:
    """The minutes for which LIVE is claimed after something was said: for scripts, which know what time it is."""
    return int(settings.LIVE_MINUTES)


@register.filter
def shown(html: str) -> SafeString:
    """A post's stored html as readers see it: a link alone on its line says what it leads to."""
    return mark_safe(facades.shown(html))  # noqa: S308 - clean when it was stored, and of ours besides


@register.filter
def iso(moment: datetime | None) -> str:
    """The instant for machines: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


@register.filter
def clock(moment: datetime | None, event: Event) -> str:
    """The time as "14:02 GMT": in the event's zone, with the house's name for it, never tzdata's."""
    if moment is None:
        return ""
    local = moment.astimezone(event.tz)
    return f"{local:%H:%M} {event.zone_name or _offset(local)}"


def _offset(local: datetime) -> str:
    """The zone as "UTC", "UTC+2" or "UTC+5:30"."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    sign, (hours, rest) = "+" if minutes > 0 else "−", divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


@register.filter
def date(moment: datetime, event: Event) -> str:
    """The date as "18 March 2025", in the event's zone."""
    local = moment.astimezone(event.tz)
    return _("{day} {month} {year}").format(day=local.day, month=dates.MONTHS[local.month], year=local.year)


@register.simple_tag
def instant(moment: datetime | None, event: Event, *marks: str, apart: bool = False) -> SafeString:
    """A `<time>`; `marks` are data attributes for the page's scripts, such as ``ago``.

    With `apart` a zone of several words is an element of its own, which a narrow column keeps in one piece.
    """
    if moment is None:
        return mark_safe("")
    extra = mark_safe("".join(f" data-{mark}" for mark in marks))  # noqa: S308 - names from our own templates
    time, _space, zone = clock(moment, event).partition(" ")
    name = format_html("<bdi>{}</bdi>", zone) if apart and " " in zone else zone
    return format_html('<time datetime="{}"{}>{} {}</time>', iso(moment), extra, time, name)


def clock_on(moment: datetime, event: Event, known: Day | None) -> str:
    """A time of day, with the date as well unless the day is `known`, by the event's zone, to whoever reads it."""
    shown = clock(moment, event)
    if moment.astimezone(event.tz).date() == known:
        return shown
    return _("{time} on {date}").format(time=shown, date=date(moment, event))


@register.simple_tag
def dated(moment: datetime | None, event: Event, than: datetime | None) -> SafeString:
    """A `<time>` with the date as well, unless the day is that of `than`, which the reader knows."""
    if moment is None:
        return mark_safe("")
    shown = clock_on(moment, event, than.astimezone(event.tz).date() if than else None)
    return format_html('<time datetime="{}">{}</time>', iso(moment), shown)


@register.filter
def day(moment: datetime, event: Event) -> str:
    """The day as "Tuesday 18 March 2025", in the event's zone."""
    return separators.day(moment, event.tz)


@register.simple_tag
def last_update(moment: datetime, event: Event) -> str:
    """As "Last update 09:10 GMT", with the date unless it was today."""
    today = timezone.now().astimezone(event.tz).date()
    return _("Last update {time}").format(time=clock_on(moment, event, today))


@register.simple_tag
def occurred(post: Post) -> str:
    """When it happened, as exactly as it is known; empty when that is when it was published."""
    at, event = post.occurred_at, post.event
    if at is None or post.published_at is None:
        return ""
    same_day = at.astimezone(event.tz).date() == post.published_at.astimezone(event.tz).date()
    if post.occurred_precision == Precision.DAY:
        return "" if same_day else date(at, event)
    if same_day and abs(post.published_at - at) < timedelta(minutes=1):
        return ""
    time = clock(at, event)
    if post.occurred_precision != Precision.MINUTE:
        time = _("about {time}").format(time=time)
    return time if same_day else _("{time} on {date}").format(time=time, date=date(at, event))


@register.simple_tag
def began(event: Event) -> str:
    """The start as "14:00 GMT", with the date unless the coverage began on the same day."""
    at, time = event.starts_at, clock(event.starts_at, event)
    if at is None or event.opened_at and event.opened_at.astimezone(event.tz).date() == at.astimezone(event.tz).date():
        return time
    return _("{time} on {date}").format(time=time, date=date(at, event))


@register.filter
def occurred_iso(post: Post) -> str:
    """When it happened, for machines: an instant, or a day of the event's zone when no more is known."""
    if post.occurred_at is not None and post.occurred_precision == Precision.DAY:
        return post.occurred_at.astimezone(post.event.tz).date().isoformat()
    return iso(post.occurred_at)


@register.simple_tag
def elsewhere_times(event: Event) -> list[str]:
    """The start as "7:30 pm in India": in the event's further zones."""
    if event.starts_at is None:
        return []
    shown = []
    for row in event.zones:
        local = event.starts_at.astimezone(ZoneInfo(row["zone"]))
        time = _("{time} {half}").format(time=f"{local.hour % 12 or 12}:{local:%M}", half=_half(local.hour))
        shown.append(_("{time} {place}").format(time=time, place=row["name"]))
    return shown


def _half(hour: int) -> str:
    """Which half of the day it is; languages that part the day further say "in the evening"."""
    if hour < 4:
        return pgettext("at night", "am")
    if hour < 12:
        return pgettext("in the morning", "am")
    if hour < 16:
        return pgettext("in the afternoon", "pm")
    return pgettext("in the evening", "pm") if hour < 20 else pgettext("late in the evening", "pm")


@register.filter
def counted(number: int, name: str) -> SafeString:
    """A number that the page's script keeps right; `name` is what it counts."""
    return format_html('<span data-count="{}">{}</span>', name, number)


@register.filter
def is_edited(post: Post) -> bool:
    """Whether readers are told that the words changed."""
    return bool(post.revised_at and post.published_at and post.revised_at - post.published_at > EDIT_GRACE)


@register.filter
def standing(post: Post) -> str:
    """Whether it is so, as a sentence that goes wherever the post's words go; empty while nobody doubts it."""
    sentences = {
        Standing.NOT_CONFIRMED: _("Not confirmed by us."),
        Standing.DISPUTED: _("This is disputed."),
        Standing.FALSE: _("This is false."),
    }
    return sentences.get(Standing(post.standing), "")


@register.filter
def standings(post: Post) -> list[StandingChange]:
    """How it came to stand as it does; empty while that is as it was published."""
    changes = list(post.standing_changes.all())
    return [] if len(changes) == 1 and changes[0].at == post.published_at else changes


@register.filter
def label(post: Post) -> str:
    """What a post is called wherever it is named: its headline, a quotation of it, or its first words."""
    if post.headline:
        return post.headline
    quotes = [row.quote for row in post.attributions.all() if row.quote]
    if quotes:
        return text.short(_("“{quote}”").format(quote=text.unquoted(quotes[0])), KEY_WORDS)
    return text.short(text.plain(post.html), KEY_WORDS)


@register.filter
def who(row: Attribution) -> str:
    """As "Dmitry Peskov, Kremlin spokesperson": the name, role and organisation as they were shown."""
    return _(", ").join(part for part in (row.as_named, row.as_role, row.as_organisation) if part)


@register.filter
def role(row: Attribution) -> str:
    """The role and organisation alone."""
    return _(", ").join(part for part in (row.as_role, row.as_organisation) if part)


def said_when(row: Attribution, post: Post, *, dated: bool = False) -> str:
    """When it was said: "on Sunday" (never where `dated`), "on 4 March 2025" or "at 14:05 GMT"; empty if not known."""
    at = row.said_at
    if at is None or post.published_at is None:
        return ""
    local, published = at.astimezone(post.event.tz), post.published_at.astimezone(post.event.tz)
    if row.said_precision != Precision.DAY and local.date() == published.date():
        return _("at {time}").format(time=clock(at, post.event))
    if not dated and 0 <= (published.date() - local.date()).days < 7:
        return _("on {weekday}").format(weekday=dates.WEEKDAYS[local.weekday()])
    return _("on {date}").format(date=date(at, post.event))


@register.simple_tag
def sentence(row: Attribution, post: Post, *, dated: bool = False) -> str:
    """One attribution as a sentence without its full stop: who, how, where, when (`dated` as in `said_when`)."""
    when = said_when(row, post, dated=dated)
    if row.basis == Basis.WITNESSED and not row.as_named:
        return _("We saw it ourselves")
    if row.basis == Basis.UNNAMED:
        sentence = _("Source: {described}, not named: {reason}")
        # With commas: a place must not seem to be that of what is described, as of “the talks”.
        how = told(row, post, dated=dated) if row.medium else _in_order("", "", _place(row), when)
        described = _(", ").join(part for part in (row.described_as, how) if part)
        return sentence.format(described=described, reason=row.reason_unnamed)
    if row.basis == Basis.DOCUMENT:
        return " ".join(part for part in (_("From a document: {who}").format(who=who(row) or row.medium), when) if part)
    if row.basis == Basis.OUTLET or row.verb == Verb.REPORTED:
        return " ".join(part for part in (_("Reported by {who}").format(who=who(row)), when) if part)
    # With a place or a time behind it the role would seem to be of that place and time.
    if not (row.medium or row.place or when):
        return _("Source: {who}").format(who=who(row))
    return f"{who(row)}{_(', ')}{told(row, post, dated=dated)}"


def told(row: Attribution, post: Post, *, dated: bool = False) -> str:
    """As "told reporters in Moscow on Tuesday": each language has an order of its own."""
    return _in_order(_verb(row), row.medium, _place(row), said_when(row, post, dated=dated))


@register.simple_tag
def told_with_link(row: Attribution, post: Post) -> SafeString:
    """The same for a page: the medium leads to where it was said, or the verb when no medium is named."""
    verb, medium = conditional_escape(_verb(row)), conditional_escape(row.medium)
    if row.link:
        link = '<a href="{}" rel="noopener nofollow">{}</a>'
        linked = format_html(link, row.link, medium or verb)
        verb, medium = (verb, linked) if medium else (linked, medium)
    place, when = conditional_escape(_place(row)), conditional_escape(said_when(row, post))
    return mark_safe(_in_order(verb, medium, place, when))  # noqa: S308 - each part is escaped


def _verb(row: Attribution) -> str:
    """The verb; nobody is told where nobody is named."""
    return str(Verb.SAID.label) if row.verb == Verb.TOLD and not row.medium else row.get_verb_display()


def _in_order(verb: str, medium: str, place: str, when: str) -> str:
    """The parts as the language puts them, without holes where one is not known."""
    said = _("{verb} {medium} {place} {when}").format(verb=verb, medium=medium, place=place, when=when)
    return re.sub(" {2,}", " ", said).strip()


def _place(row: Attribution) -> str:
    return _("in {place}").format(place=row.place) if row.place else ""
