"""From what the desk's browser sent to one deed."""

from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events.forms.deeds import DEEDS
from events.forms.deeds.deed import Wish
from events.models import Event, Post
from events.publishing import Done, Refused


def perform(verb: str, event: Event, by: User, content: Any) -> tuple[Done, str]:
    """Do what the desk asked for, once for each ``content["key"]``; answer with what is to be said.

    Raises Forbidden when this user may not, Refused (or Conflict) when the rules say no.
    """
    deed = DEEDS.get(verb)
    if deed is None:
        raise Refused(_("The desk does not know how to “%(verb)s”.") % {"verb": verb[:20]})
    if not isinstance(content, dict):
        raise Refused(_("The desk sent something that we cannot read. Load the page again; your text is kept."))
    post = None
    if content.get("post"):
        post = Post.objects.select_related("event").filter(event=event, pk=str(content["post"])).first()
        if post is None and not verb == "delete":
            raise Refused(_("This post is not there any more. Your text is still here: publish it as a new one."))
    deed.check_allowed(event, by, post)
    key = content.get("key")
    wish = Wish(event=event, by=by, key=key if isinstance(key, str) else "", content=content, post=post)
    done = deed.do(wish)
    return done, deed.sentence(done)
