"""All addresses of the site."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.templatetags.static import static
from django.urls import include, path

from events.admin import home

urlpatterns = [
    # Browsers ask for it wherever a page names no other.
    path("favicon.ico", lambda _request: HttpResponseRedirect(static("favicon.svg"))),
    # Before the admin's own: its login and its logout are ours.
    path("admin/", include("liveblog.accounts.urls")),
    path("admin/", admin.site.admin_view(home.index)),
    path("admin/freeze/", admin.site.admin_view(home.freeze), name="site_freeze"),
    path("admin/", admin.site.urls),
    path("", include("events.urls")),
]
