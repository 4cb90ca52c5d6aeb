"""Words as they stood: as JSON, so that they can be had again, and back."""

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Any

from django.db.models import Model
from django.utils.dateparse import parse_datetime

from events import text
from events.models import Attribution, Post, Revision, Source
from events.publishing.words import Conflict, Named, Words

_FIELDS = tuple(field.name for field in fields(Words) if field.name not in ("attributions", "occurred_at"))
_NAMED = tuple(field.name for field in fields(Named) if field.name not in ("source", "said_at"))


def facts_of(post: Post) -> dict[str, Any]:
    """A stored post's words in JSON's own types, for `words_again`."""
    facts = {name: getattr(post, name) for name in _FIELDS}
    facts["occurred_at"] = post.occurred_at.isoformat() if post.occurred_at else None
    facts["attributions"] = [row.facts() | {"source": row.source_id} for row in post.attributions.all()]
    return facts


def words_again(facts: dict[str, Any]) -> Words:
    """The words that `facts_of` has kept."""
    given = {name: facts[name] for name in _FIELDS}
    named = tuple(_named(row) for row in facts["attributions"])
    return Words(**given, occurred_at=_moment(facts["occurred_at"]), attributions=named)


def words_of_revision(post: Post, revision: Revision) -> Words:
    """What a revision keeps (headline, body, who said so) on the post as it stands otherwise."""
    kept = {"headline": revision.headline, "body": revision.body, "attributions": revision.attributions}
    return words_again(facts_of(post) | kept)


def is_same(post: Post, words: Words) -> bool:
    """Whether these words, once settled, would change nothing of the stored post."""
    plain = [name for name in _FIELDS if name != "body"]
    if any(getattr(post, name) != getattr(words, name) for name in [*plain, "occurred_at"]):
        return False
    rows = [named.record(post, position) for position, named in enumerate(words.attributions)]
    return post.html == text.clean(words.body) and _shown(post.attributions.all()) == _shown(rows)


def imprint(post: Post) -> str:
    """A digest (32 hexadecimal digits) of a stored post's words: other words, another imprint.

    What was never public has no revisions: by this an editor knows which words they began from.
    """
    return digest(facts_of(post))


def digest(*said: Any) -> str:
    """A digest (32 hexadecimal digits) of words, lines or plain values, for `perform`."""
    return blake2s(json.dumps(said, sort_keys=True, default=_in_json).encode(), digest_size=16).hexdigest()


def _in_json(value: Any) -> Any:
    """What JSON has no type for: words by their fields, a row by its key, all else as it is written."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value.pk if isinstance(value, Model) else str(value)


def check_imprint(post: Post, began: str, words: Words) -> None:
    """Raise Conflict when the words of a post that no reader has seen are others than those with the imprint `began`.

    Empty says nothing, and the same words are nobody's loss. To be asked under the event's lock.
    """
    if not began or began == imprint(post) or is_same(post, words):
        return
    raise both_texts(post)


def both_texts(post: Post, revision: int = 0, message: str = "") -> Conflict:
    """The conflict over a post's words as they stand, with whoever began from `revision` of what was public."""
    if post.published_at is not None:
        base = post.revisions.filter(number=revision).first()
        return Conflict(post, post.revisions.get(number=post.revision), base, message=message)
    last = post.deeds.filter(verb__in=("draft", "schedule", "send")).select_related("by").order_by("-id").first()
    stands = Revision(
        post=post, number=post.revision, headline=post.headline, body=post.body,
        by=last.by if last else None, at=last.at if last else post.created_at,
    )  # fmt: skip
    return Conflict(post, stands, imprint=imprint(post), message=message)


def _shown(rows: Iterable[Attribution]) -> list[dict[str, Any]]:
    return [row.facts() | {"source": row.source_id} for row in rows]


def _named(row: dict[str, Any]) -> Named:
    given = {name: row[name] for name in _NAMED if name in row}
    return Named(source=_source(row), said_at=_moment(row.get("said_at")), **given)


def _source(row: dict[str, Any]) -> Source | None:
    """The source itself, by its number or, where none was kept, by what was shown of it."""
    if row.get("source"):
        return Source.objects.filter(pk=row["source"]).first()
    if not row.get("as_named") or "source" in row:
        return None
    shown = {"role": row.get("as_role", ""), "organisation": row.get("as_organisation", "")}
    return Source.objects.filter(name=row["as_named"], **shown).first()


def _moment(value: str | None) -> datetime | None:
    return parse_datetime(value) if value else None
