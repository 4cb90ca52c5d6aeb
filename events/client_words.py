"""The few sentences that the page's scripts say, in the active language.

They travel on the page as JSON. Plural forms are keyed by the categories of Unicode's plural
rules, which `Intl.PluralRules` names.
"""

from typing import Any

from django.utils import dates, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: A number of each category (CLDR), for the languages that we speak.
_SAMPLES = {
    "ar": {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100},
    "en": {"one": 1, "other": 2},
    "hi": {"one": 1, "other": 2},
}


def words() -> dict[str, Any]:
    """All of them, by the keys that `static/js/` asks for."""
    return {
        "updates": _forms("{n} new update", "{n} new updates"),
        "new": _forms("{n} new", "{n} new"),
        "corrections": _forms("{n} correction", "{n} corrections"),
        "join": _(", "),
        "background": _("New background"),
        "summary": _("New summary"),
        "summaryToo": _("new summary"),
        "top": _("Top of the page changed"),
        # Behind what else waits: "1 new update, top of the page changed".
        "topToo": _("top of the page changed"),
        "since": _("New since {time}"),
        "pinnedHere": _("Pinned at the top"),
        "removed": _("This post was removed."),
        "reconnecting": _("Reconnecting – last update {time}"),
        "lastUpdate": _("Last update {time}"),
        "copied": _("Address copied"),
        "away": _("Since you left"),
        "doubted": _forms(
            "{n} post you read was corrected, doubted or withdrawn",
            "{n} posts you read were corrected, doubted or withdrawn",
        ),
        "changes": _("All that has changed"),
        "close": _("Close"),
        "yourTime": _("{time} your time"),
        "gapMinutes": _forms("{n} minute", "{n} minutes"),
        "gapHours": _forms("{n} hour", "{n} hours"),
        "gapDays": _forms("{n} day", "{n} days"),
        "gapEarlier": _("{time} earlier"),
        "gapLater": _("{time} later"),
        "day": _("{weekday} {day} {month} {year}"),
        "date": _("{day} {month} {year}"),
        "on": _("{time} on {date}"),
        "weekdays": [str(dates.WEEKDAYS[number]) for number in range(7)],
        "months": [str(dates.MONTHS[number]) for number in range(1, 13)],
    }


def _forms(one: str, other: str) -> dict[str, str]:
    """Each plural form that the active language has."""
    language = (translation.get_language() or "en").split("-")[0]
    samples = _SAMPLES.get(language, _SAMPLES["en"])
    return {category: ngettext(one, other, number) for category, number in samples.items()}
