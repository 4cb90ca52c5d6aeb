"""The plain admin, one noun a file. All that readers can see goes through `publishing`."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.admin.deed import DeedAdmin
from events.admin.event import EventAdmin
from events.admin.partner import PartnerAdmin
from events.admin.picture import PictureAdmin
from events.admin.post import PostAdmin
from events.admin.source import SourceAdmin

admin.site.site_header = _("Newsroom")
admin.site.site_title = _("Newsroom")
admin.site.index_title = _("Events, posts and sources")

__all__ = ["DeedAdmin", "EventAdmin", "PartnerAdmin", "PictureAdmin", "PostAdmin", "SourceAdmin"]
