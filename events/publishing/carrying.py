"""A source that is called otherwise now, carried into a post that shows it as it was."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from events.models import Attribution, Post, Source
from events.models.post import PostQuerySet, PostState
from events.publishing.earlier import facts_of, words_again
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import keep_revision, rewrite
from events.publishing.words import Done

#: What a post copies of its source -> what that is called there.
COPIED = {"as_named": "name", "as_role": "role", "as_organisation": "organisation", "speaker_type": "speaker_type"}


def facts_of_source(source: Source) -> dict[str, str]:
    """What posts show of a source, for `carry` once it is called otherwise."""
    return {name: getattr(source, name) for name in COPIED.values()}


def posts_naming(source: Source) -> PostQuerySet:
    """Every post that names the source, whatever its state."""
    return Post.objects.filter(attributions__source=source).distinct()


def carry(post: Post, *, source: Source, was: Mapping[str, str], by: User | None, key: str = "") -> bool:
    """Show the source in this post as it is called now: a revise where readers see the post.

    Only what was shown as the source `was` changes: whoever is shown otherwise on purpose stays so.
    Returns whether anything changed.
    """
    did = False

    def act(ledger: Ledger) -> Done:
        nonlocal did
        present = Post.objects.get(pk=post.pk, event=ledger.event)
        facts = facts_of(present)
        changed = {row["position"]: _renamed(row, source, was) for row in facts["attributions"]}
        if not any(changed.values()):
            return Done(present, None)
        did = True
        ledger.detail = "the source is called otherwise"
        if present.state != PostState.PUBLISHED:
            for position, fields in changed.items():
                Attribution.objects.filter(post=present, position=position).update(**fields)
            return Done(present, None)
        rows = [row | changed[row["position"]] for row in facts["attributions"]]
        parts = rewrite(ledger, present, words_again(facts | {"attributions": rows}), present.revision, ledger.now)
        sequence = ledger.record("revise", present, parts=parts)
        keep_revision(ledger, present, ledger.now)
        return Done(present, sequence)

    perform(post.event_id, "revise", by=by, key=key, act=act)
    return did


def _renamed(row: Mapping[str, Any], source: Source, was: Mapping[str, str]) -> dict[str, str]:
    """The copies in one attribution that are to change, with their new values."""
    if row["source"] != source.pk:
        return {}
    return {
        copy: getattr(source, name)
        for copy, name in COPIED.items()
        if row[copy] == was[name] and row[copy] != getattr(source, name)
    }
