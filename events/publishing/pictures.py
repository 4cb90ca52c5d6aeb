"""Pictures: taken in before anybody sees them, and removed for good.

Which of them stands at the top of the page, and what is said of it, are fields of the event, and
change with those (`event.change`).
"""

import logging
from functools import partial

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from events import uploads
from events.models import Event, Picture
from events.publishing import removals
from events.publishing.ledger import Ledger, perform
from events.publishing.words import Done, Refused

log = logging.getLogger(__name__)

#: What an event says of its lead picture.
PICTURE_WORDS = ("picture_alt", "picture_caption", "picture_credit")


def take_in(event: Event, upload: UploadedFile, *, by: User | None) -> Picture:
    """Keep what was sent as a picture of this event; no reader sees it by that.

    All sizes are made here, outside the event's lock. Raises Refused, at `lead_picture`, for what
    is no picture, too large or too small.
    """
    try:
        drawn = uploads.picture(upload)
    except uploads.Unfit as unfit:
        raise Refused(str(unfit), "lead_picture") from unfit
    picture = Picture(event=event, added_by=by)
    try:
        picture.file.save(str(drawn.name), drawn, save=False)
        picture.save()
    except OSError as error:
        log.critical("A picture could not be stored: %s", error)
        sentence = _("The picture could not be stored: our disk is full or not to be written to. Tell whoever runs it.")
        raise Refused(sentence, "lead_picture") from error
    return picture


def check_picture(event: Event) -> None:
    """Raise Refused for a lead picture of another event, one that was removed, or one of which nothing is said."""
    picture = event.lead_picture
    if picture is None:
        return
    if picture.event_id != event.pk or picture.removed_at is not None:
        raise Refused(_("This picture is not there any more. Choose another one."), "lead_picture")
    if not event.picture_alt:
        raise Refused(_("Say what the picture shows, for readers who do not see it."), "picture_alt")


def remove_picture(picture: Picture, *, by: User | None, key: str = "") -> Done:
    """Remove a picture for law, safety or privacy: its files, and what its event says of it.

    The ledger outside the database remembers it, as it does a removed post.
    """

    def act(ledger: Ledger) -> Done:
        present = Picture.objects.get(pk=picture.pk)
        present.removed_at = present.removed_at or ledger.now
        present.save(update_fields=["removed_at"])
        ledger.detail = f"picture {present.name}"
        transaction.on_commit(partial(erase, present), robust=True)
        transaction.on_commit(partial(removals.note_picture, present, ledger.event.slug, ledger.now), robust=True)
        event = ledger.event
        if event.lead_picture_id != present.pk:
            return Done(None, None)
        event.lead_picture = None
        for name in PICTURE_WORDS:
            setattr(event, name, "")
        event.save(update_fields=["lead_picture", *PICTURE_WORDS])
        return Done(None, ledger.record("change", parts=frozenset({"header"})))

    return perform(picture.event_id, "remove", by=by, key=key, act=act)


def erase(picture: Picture) -> None:
    """Delete a picture's files, all sizes; what cannot be deleted is said in the log."""
    try:
        # By another instance: this one keeps its name.
        Picture(file=picture.file.name, width=picture.width, height=picture.height).file.delete(save=False)
    except OSError:
        log.critical("A removed picture could not be deleted: delete %s* by hand.", picture.file.name[:-4])
