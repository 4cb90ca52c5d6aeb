"""Search within one event: the public words of its posts, by what was asked for.

On PostgreSQL by its full-text search in the event's language, on SQLite by the letters. Both
answer the same two questions, and nobody else knows which it was: which posts have every
term (`matching`), and where in a text the terms stand (`marked`).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from events import text
from events.models import Attribution, Correction, Event
from events.models.post import PostQuerySet, PostState

#: Words and “phrases” of a question that count.
MAX_TERMS = 8
#: Milliseconds that one search may keep the database busy: a phrase of words that stand everywhere takes seconds.
PATIENCE_MS = 2000
#: Characters of an excerpt.
EXCERPT = 240
#: PostgreSQL's configurations by language. Each of these has its indexes (see the migrations that make them); an
#: event in another language is searched without stems, and without an index.
CONFIGURATIONS = {"en": "english", "ar": "arabic", "hi": "hindi"}
#: Where the words of a post stand; just so, since these are the expressions of the indexes.
POST_WORDS = "headline || ' ' || key_label || ' ' || html || ' ' || byline"
SOURCE_WORDS = (
    "as_named || ' ' || as_role || ' ' || as_organisation || ' ' || described_as"
    " || ' ' || medium || ' ' || place || ' ' || quote"
)
#: Begin and end of a hit in a text: characters for private use, which are taken out of the text before.
_BEGIN, _END = "\ue000", "\ue001"
#: The definite article of Arabic.
_ARTICLE = "ال"
_TERM = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|([^\s\"“”„«»]+)")
_HEADLINE = f"HighlightAll=true, StartSel={_BEGIN}, StopSel={_END}"
_WORDS_OF_POST = ("headline", "key_label", "html", "byline")
_WORDS_OF_SOURCE = ("as_named", "as_role", "as_organisation", "described_as", "medium", "place", "quote")


#: A post's place in the column, and its id.
Found = tuple[datetime, int, str]


class TooSlow(Exception):
    """The search would have kept the database busy for too long."""


def terms(question: str) -> list[str]:
    """The words and quoted phrases of a question, at most `MAX_TERMS`, each once."""
    found = [(phrase or word).strip() for phrase, word in _TERM.findall(question)]
    return list(dict.fromkeys(term for term in found if any(map(str.isalnum, term))))[:MAX_TERMS]


def matching(event: Event, asked: Sequence[str]) -> PostQuerySet:
    """The event's published posts in which every one of these terms stands, in no order.

    Words that a language uses everywhere (“the”) ask for nothing; alone they find nothing.
    """
    published: PostQuerySet = event.posts.published()
    if connection.vendor == "postgresql":
        return _by_lexemes(event, published, asked)
    return _by_letters(event, published, asked)


def found(event: Event, asked: Sequence[str]) -> list[Found]:
    """Where the matching posts stand in the column, newest first: all of them, in one question to the database.

    Raises TooSlow when that takes longer than anybody waits.
    """
    # Published posts have all three; the types do not know.
    places: Iterable[Any] = matching(event, asked).newest().values_list("sort_at", "first_sequence", "pk")
    if connection.vendor != "postgresql":
        return list(places)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])
            return list(places)
    except OperationalError as error:
        if "statement timeout" in str(error):
            raise TooSlow from error
        raise


def marked(event: Event, texts: Sequence[str], asked: Sequence[str]) -> list[str]:
    """The plain texts with each hit between two characters that `shown` knows."""
    plain = [row.replace(_BEGIN, "").replace(_END, "") for row in texts]
    if connection.vendor == "postgresql":
        return _marked_by_lexemes(event, plain, asked) if plain and asked else plain
    hits = re.compile("|".join(map(re.escape, sorted(asked, key=len, reverse=True))) or "(?!)", re.IGNORECASE)
    return [hits.sub(lambda hit: f"{_BEGIN}{hit[0]}{_END}", row) for row in plain]


def shown(marked_text: str) -> SafeString:
    """A marked text as html: escaped, its hits in `<mark>`."""
    return mark_safe(escape(marked_text).replace(_BEGIN, "<mark>").replace(_END, "</mark>"))  # noqa: S308 - escaped


def excerpt(marked_text: str) -> str:
    """Some `EXCERPT` characters of a marked text around its first hit, cut between words."""
    if len(marked_text) <= EXCERPT:
        return marked_text
    hit = max(marked_text.find(_BEGIN), 0)
    begin = 0 if hit < EXCERPT // 2 else marked_text.rfind(" ", 0, hit - EXCERPT // 4) + 1
    end = marked_text.find(" ", begin + EXCERPT)
    cut = marked_text[begin:] if end < 0 else marked_text[begin:end]
    # A phrase is one hit for each word, so that nothing but a very long word can be cut through.
    cut += _END * (cut.count(_BEGIN) - cut.count(_END))
    return f"{'…' if begin else ''}{cut}{'…' if end >= 0 else ''}"


def has_hit(marked_text: str) -> bool:
    """Whether anything in a marked text was asked for."""
    return _BEGIN in marked_text


def _configuration(event: Event) -> str:
    return CONFIGURATIONS.get(event.language, "simple")


def _query(configuration: str, term: str) -> tuple[str, list[str]]:
    """The SQL of a term as a query, and its parameters; `configuration` is one of ours."""
    way = "phraseto_tsquery" if " " in term else "plainto_tsquery"
    forms = [term]
    if configuration == "arabic" and way == "plainto_tsquery":
        # The stemmer takes one ending off a word with the article, and another off the same word without.
        bare = term.removeprefix(_ARTICLE)
        forms = [bare, _ARTICLE + bare]
    one = f"{way}('{configuration}', %s)"
    return f"({' || '.join([one] * len(forms))})", forms


def _by_lexemes(event: Event, published: PostQuerySet, asked: Sequence[str]) -> PostQuerySet:
    configuration = _configuration(event)
    counted = _asking(configuration, asked)
    if not counted:
        return published.none()
    for term in counted:
        query, forms = _query(configuration, term)
        # A union, not an OR across tables: each half then has its index.
        found = (
            f"SELECT id FROM events_post WHERE event_id = %s AND state = '{PostState.PUBLISHED}'"  # noqa: S608 - ours
            f" AND to_tsvector('{configuration}', {POST_WORDS}) @@ {query}"
            " UNION SELECT post_id FROM events_attribution WHERE post_id IN"
            f" (SELECT id FROM events_post WHERE event_id = %s AND state = '{PostState.PUBLISHED}')"
            f" AND to_tsvector('{configuration}', {SOURCE_WORDS}) @@ {query}"
            " UNION SELECT post_id FROM events_correction WHERE post_id IN"
            f" (SELECT id FROM events_post WHERE event_id = %s AND state = '{PostState.PUBLISHED}')"
            f" AND to_tsvector('{configuration}', note) @@ {query}"
        )
        published = published.filter(pk__in=RawSQL(found, [event.pk, *forms] * 3))  # noqa: S611 - no words of others
    return published


def _asking(configuration: str, asked: Sequence[str]) -> list[str]:
    """Those terms that ask for anything in this language."""
    if not asked:
        return []
    queries = [_query(configuration, term) for term in asked]
    with connection.cursor() as cursor:
        nodes = ", ".join(f"numnode({query})" for query, _given in queries)
        cursor.execute(f"SELECT {nodes}", [form for _sql, forms in queries for form in forms])  # noqa: S608 - ours
        row = cursor.fetchone()
    return [term for term, count in zip(asked, row, strict=True) if count]


def _marked_by_lexemes(event: Event, plain: list[str], asked: Sequence[str]) -> list[str]:
    configuration = _configuration(event)
    queries = [_query(configuration, term) for term in asked]
    any_of = " || ".join(query for query, _given in queries)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ts_headline('{configuration}', words, {any_of}, '{_HEADLINE}')"  # noqa: S608 - ours
            " FROM unnest(%s::text[]) WITH ORDINALITY AS row (words, number) ORDER BY number",
            [*(form for _sql, forms in queries for form in forms), plain],
        )
        return [row[0] for row in cursor.fetchall()]


def _by_letters(event: Event, published: PostQuerySet, asked: Sequence[str]) -> PostQuerySet:
    if not asked:
        return published.none()
    wanted = [term.casefold() for term in asked]
    words: dict[str, list[str]] = {}
    for pk, *fields in published.values_list("pk", *_WORDS_OF_POST):
        words[pk] = [
            text.plain(field) if name == "html" else field for name, field in zip(_WORDS_OF_POST, fields, strict=True)
        ]
    of_event: dict[str, Any] = {"post__event": event, "post__state": PostState.PUBLISHED}
    for model, names in ((Attribution, _WORDS_OF_SOURCE), (Correction, ("note",))):
        rows: Iterable[Any] = model.objects.filter(**of_event).values_list("post_id", *names)
        for pk, *fields in rows:
            words.get(pk, []).extend(fields)
    said = {pk: "\n".join(fields).casefold() for pk, fields in words.items()}
    return published.filter(pk__in=[pk for pk, all_of_it in said.items() if all(term in all_of_it for term in wanted)])
