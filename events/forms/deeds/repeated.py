"""A key that comes again with other words."""

from collections.abc import Callable
from dataclasses import replace

from events import publishing
from events.forms.deeds.deed import Wish
from events.models import Post
from events.publishing import Asks, Done

#: What of a composer is stored, beside its post.
_STORED = ("words", "due_at", "pin", "pin_minutes")


def once_more(do: Callable[[Wish], Done], *, another: bool = False) -> Callable[[Wish], Done]:
    """A deed that loses nothing when its first answer was lost, and whoever sent it went on writing.

    What it stored then is stored over, where no reader has seen it and nobody has touched it since;
    elsewhere Conflict is raised, so that both texts are shown, or with `another` Asks as it came:
    what is out can be followed by another post.
    """

    def done(wish: Wish) -> Done:
        try:
            return do(wish)
        except Asks as asks:
            # Whoever has another's key is shown nothing of what that stored.
            own = {"pk": asks.post, "deeds__key": wish.key, "deeds__by": wish.by}
            stored = wish.event.posts.filter(**own).first() if asks.reason == "repeated" else None
            if stored is None:
                raise
            # Each content has a key of its own: sent twice, it too is stored once.
            said = publishing.digest(do.__name__, *(wish.content.get(name) for name in _STORED))
            again = replace(wish, post=stored, key=f"{wish.key}~{said[:12]}")
            if wish.event.deeds.filter(key=again.key).exists() or _is_untouched(stored, wish):
                return do(replace(again, content=wish.content | {"began": publishing.imprint(stored)}))
            if another and stored.published_at is not None:
                raise
            raise publishing.both_texts(stored, wish.revision(), asks.message) from asks

    return done


def _is_untouched(stored: Post, wish: Wish) -> bool:
    """Whether no reader has seen what this key has stored, and nobody has done anything to it since."""
    last = stored.deeds.order_by("-pk").first()
    own = last is not None and last.by == wish.by and last.key.split("~")[0] == wish.key
    return own and stored.published_at is None
