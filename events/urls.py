"""Addresses of readers and partners."""

from django.urls import include, path

from events.views import reader

_reader = (
    [
        path("", reader.home, name="home"),
        path("events/<slug:slug>/", reader.event, name="event"),
        path("events/<slug:slug>/posts/<slug:post_id>/", reader.post, name="post"),
        path("events/<slug:slug>/search/", reader.search, name="search"),
        path("events/<slug:slug>/since/<str:sequence>/", reader.since, name="since"),
        path("events/<slug:slug>/updates/", reader.updates, name="updates"),
    ],
    "reader",
)

urlpatterns = [
    path("", include(_reader)),
    path("embed/", include("events.embed_urls")),
]
