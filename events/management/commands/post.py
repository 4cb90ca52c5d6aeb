"""`manage.py post`: publish from a script, or when the newsroom's browser is down."""

import argparse
import sys
from dataclasses import fields
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import permissions, publishing, text
from events.live import channel
from events.management.plainly import event_at, plainly
from events.models import Attribution, Event, Post, Source
from events.models.post import Kind, PostState
from events.publishing import Done, Named, Words

CHANGES = ("typo", "addition", "clarification", "correction")


class Command(BaseCommand):
    """Prints the post's id and the sequence. Exit codes: 1 refused, 2 no such event, post, user or source."""

    help = "Publishes the text on standard input in an event, and prints the post's id and the sequence."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to publish, and as whom."""
        parser.add_argument("event", metavar="EVENT", help="The event's address, such as trump-putin-call.")
        parser.add_argument("--as", dest="user", metavar="USER", help="Who publishes; required unless DEBUG.")
        parser.add_argument("--html", action="store_true", help="Standard input is html, not plain text.")
        parser.add_argument("--headline")
        parser.add_argument("--kind", choices=[kind for kind in Kind.values if kind != Kind.CORRECTION])
        parser.add_argument("--source", action="append", metavar="NAME", help="The name of a source; can be repeated.")
        parser.add_argument("--key-event", action=argparse.BooleanOptionalAction, help="List it among the key events.")
        verb = parser.add_mutually_exclusive_group()
        verb.add_argument("--draft", action="store_true", help="Keep it as a draft; nobody sees it.")
        verb.add_argument("--revise", metavar="POST", help="Give this post the text; what is not given stays.")
        verb.add_argument("--withdraw", metavar="POST", help="Withdraw this post; standard input is not read.")
        parser.add_argument("--instead", metavar="POST", help="With --withdraw: the post that readers are led to.")
        parser.add_argument("--change", choices=CHANGES, default="typo", help="With --revise: what it is.")
        parser.add_argument("--note", default="", help="With --revise or --withdraw: the sentence that readers see.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do the one deed, and tell the readers before this process ends."""
        try:
            with plainly():
                done = _do(options)
        finally:
            channel.flush()
        assert done.post is not None
        self.stdout.write(f"{done.post.pk} {'-' if done.sequence is None else done.sequence}")


def _do(options: dict[str, Any]) -> Done:
    """One deed of publishing, as the options say."""
    event = event_at(options["event"])
    by = _user(options, event)
    if options["withdraw"]:
        instead = _post(event, options["instead"]) if options["instead"] else None
        return publishing.withdraw(_post(event, options["withdraw"]), by=by, note=options["note"], replaced_by=instead)
    if options["revise"]:
        return _revise(_post(event, options["revise"]), by, options)
    words = _changed(Words(), options)
    if options["draft"]:
        words.check_said()
        return publishing.save_draft(event, words=words, by=by)
    return publishing.publish(event, words=words, by=by)


def _revise(post: Post, by: User | None, options: dict[str, Any]) -> Done:
    """New words for a post, from the revision that is there now."""
    words = _changed(_words_of(post), options)
    change = options["change"]
    given = {"revision": post.revision, "was": publishing.marks_of(post), "note": options["note"], "by": by}
    if change == "correction":
        return publishing.correct(post, words=words, **given)
    return publishing.revise(post, words=words, change=change, **given)


def _user(options: dict[str, Any], event: Event) -> User | None:
    """Whose deed it is, if they may. Raises CommandError."""
    name = options["user"]
    if not name:
        if settings.DEBUG:
            return None
        raise CommandError("Say who publishes, with --as USER.", returncode=2)
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user “{name}”.", returncode=2)
    may = permissions.may_submit if options["draft"] else permissions.may_publish
    if not may(user, event):
        wanted = "write drafts" if options["draft"] else "publish"
        raise CommandError(f"“{name}” may not {wanted} in “{event}”.", returncode=1)
    return user


def _post(event: Event, pk: str) -> Post:
    """The public post with this id. Raises CommandError."""
    post = event.posts.filter(pk=pk).first()
    if post is None:
        raise CommandError(f"There is no post “{pk}” in “{event}”.", returncode=2)
    if post.state != PostState.PUBLISHED:
        raise CommandError(f"The post “{pk}” is not public now ({post.get_state_display()}).", returncode=1)
    return post


def _changed(words: Words, options: dict[str, Any]) -> Words:
    """`words` with what the options and standard input give; the rest stays."""
    given: dict[str, Any] = {name: getattr(words, name) for name in words.__dataclass_fields__}
    for name in ("headline", "kind", "key_event"):
        if options[name] is not None:
            given[name] = options[name]
    if options["source"]:
        given["attributions"] = tuple(Named(source=_source(name)) for name in options["source"])
    body = _standard_input()
    if body.strip():
        given["body"] = body if options["html"] else text.paragraphs(body)
    return Words(**given)


def _standard_input() -> str:
    """What stands there, without invisible characters. Raises CommandError for what is no text or too long."""
    raw = sys.stdin.buffer.read(text.MAX_BODY + 1)
    if len(raw) > text.MAX_BODY:
        room = text.MAX_BODY // 1024
        raise CommandError(f"The text on standard input is too long: a post has room for {room} KB.", returncode=1)
    try:
        return text.strip_bidi(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CommandError(f"The text on standard input is not UTF-8 (line {line}).", returncode=2) from error


def _source(name: str) -> Source:
    """The one source with this name. Raises CommandError."""
    found = list(Source.objects.filter(name=name)[:2]) or list(Source.objects.filter(name__iexact=name)[:2])
    if not found:
        raise CommandError(f"There is no source “{name}”: add it in the admin first.", returncode=2)
    if len(found) > 1:
        raise CommandError(f"There is more than one source “{name}”: publish this one in the admin.", returncode=2)
    return found[0]


def _words_of(post: Post) -> Words:
    """A post's words as they stand, to be changed in part."""
    given: dict[str, Any] = {one.name: getattr(post, one.name) for one in fields(Words) if one.name != "attributions"}
    return Words(**given, attributions=tuple(_named(row) for row in post.attributions.select_related("source")))


def _named(row: Attribution) -> Named:
    """An attribution as it is shown now, under its own names and not the source's present ones."""
    return Named(**{one.name: getattr(row, one.name) for one in fields(Named)})
