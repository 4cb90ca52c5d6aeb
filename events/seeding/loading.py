"""A script becomes an event: whole or not at all, at the script's own times."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from events import publishing
from events.models import Event, Post, Source
from events.publishing import Line, Refused, Words
from events.seeding.marks import Mistaken
from events.seeding.script import Script, Step


@dataclass(frozen=True)
class Loaded:
    """What `load` did: `new` is false when nothing was written; `sentence` says why, or what."""

    event: Event
    new: bool
    sentence: str


def load(script: Script) -> Loaded:
    """Load a script through publishing, announcing nothing, in one transaction.

    Each deed's key holds the file's digest and the step's place, so an event says itself
    which file it came from. An event that is there already is left alone, whatever the
    file says by now. Raises Mistaken, naming the line, for what publishing refuses.
    """
    slug = script.event["slug"]
    with transaction.atomic(), publishing.importing():
        there = Event.objects.filter(slug=slug).first() or Event.objects.filter(addresses__slug=slug).first()
        if there is not None:
            return Loaded(there, False, _why_left_alone(script, there))
        try:
            event = publishing.create_event(by=None, **script.event)
        except Refused as refused:
            raise Mistaken([f"{script.name}: the event: {refused.message}"]) from None
        cast = Cast(event, script)
        for place, step in enumerate(script.steps):
            try:
                cast.do(step, key=f"{_mark(script)}:{place}-{step.verb}-{step.post}"[:80], past=True)
            except Refused as refused:
                raise Mistaken([f"{script.name}, line {step.line}: {refused.message}"]) from None
    # Each deed wrote to a row of its own reading.
    event.refresh_from_db()
    posts = event.posts.count()
    return Loaded(event, True, f"{script.name}: loaded “{event}” with {posts} posts.")


def _mark(script: Script) -> str:
    """What the keys of all deeds of this version of the file begin with."""
    return f"seed:{script.digest}"


def _why_left_alone(script: Script, event: Event) -> str:
    """One sentence on an event that has the file's address already."""
    if event.deeds.filter(key__startswith=f"{_mark(script)}:").exists():
        return f"{script.name}: “{event}” is there already; nothing to do."
    if event.deeds.filter(key__startswith="seed:").exists():
        return (
            f"{script.name}: has changed since “{event}” was loaded from it; the event is left as it is. "
            "Give the file another slug to load it beside the old one."
        )
    return f"{script.name}: the event at “{event.slug}” is not from this file; it is left alone."


class Cast:
    """An event while a script is done to it: the rows behind the script's names."""

    def __init__(self, event: Event, script: Script) -> None:
        self.event = event
        self.posts: dict[str, Post] = {}
        self.sources = {name: _row(source) for name, source in script.sources.items()}

    def do(self, step: Step, *, key: str = "", past: bool) -> None:
        """Do one step, at its own time when `past`, else now. Raises Refused as publishing does."""
        at = step.at if past else None
        match step.verb:
            case "post":
                done = publishing.publish(self.event, words=self._words(step), by=None, key=key, at=at)
                assert done.post is not None
                self.posts[step.post] = done.post
            case "revise" | "correct":
                self._rewrite(step, key, past)
            case "pin":
                publishing.pin(self.event, post=self._post(step), by=None, key=key)
            case "summary":
                publishing.summarise(self.event, lines=self._lines(step), by=None, key=key, at=at)
            case "open":
                publishing.open(self.event, by=None, key=key, at=at)
            case "pause":
                publishing.pause(self.event, by=None, note=step.note, key=key)
            case "end":
                publishing.end(self.event, by=None, key=key, at=at)

    def _rewrite(self, step: Step, key: str, past: bool) -> None:
        at = step.at if past else None
        post = self._post(step)
        words, revision = self._words(step), post.revision
        if step.verb == "correct":
            publishing.correct(post, words=words, revision=revision, note=step.note, by=None, key=key, at=at)
        else:
            publishing.revise(
                post, words=words, revision=revision, by=None, key=key, change=step.change, note=step.note, at=at
            )

    def _lines(self, step: Step) -> list[Line]:
        return [Line(text=told.text, knowing=told.knowing, post=self.posts.get(told.post)) for told in step.lines]

    def _post(self, step: Step) -> Post:
        """The row as it is now: a revise must name the revision that it starts from."""
        known = self.posts.get(step.post)
        post = Post.objects.filter(pk=known.pk).first() if known else None
        if post is None:
            raise Refused(_("The post “%(name)s” is not there.") % {"name": step.post})
        return post

    def _words(self, step: Step) -> Words:
        named = (replace(one.named, source=self.sources.get(one.source)) for one in step.said)
        return replace(step.words, attributions=tuple(named))


def _row(source: Source) -> Source:
    """The stored source with this name, role and organisation; the desk's own row where there is one."""
    row, _new = Source.objects.get_or_create(
        name=source.name,
        role=source.role,
        organisation=source.organisation,
        defaults={"speaker_type": source.speaker_type, "link": source.link},
    )
    return row
