"""Addresses of readers and partners."""

from django.urls import include, path

from events.views import cards, feeds, machines, oembed, pictures, reader

_FORMS = {"atom": "feed.atom", "rss": "feed.rss", "json": "feed.json"}
_reader = (
    [
        path("", reader.home, name="home"),
        path("events/<slug:slug>/", reader.event, name="event"),
        path("events/<slug:slug>/posts/<slug:post_id>/", reader.post, name="post"),
        path("events/<slug:slug>/posts/<slug:post_id>/card-<slug:version>.png", cards.post, name="card"),
        path("events/<slug:slug>/card-<slug:version>.png", cards.event, name="event_card"),
        path("events/<slug:slug>/search/", reader.search, name="search"),
        path("events/<slug:slug>/since/<str:sequence>/", reader.since, name="since"),
        path("events/<slug:slug>/updates/", reader.updates, name="updates"),
    ],
    "reader",
)
_feeds = (
    [
        *(path(address, feeds.site, {"form": form}, name=form) for form, address in _FORMS.items()),
        *(
            path(f"events/<slug:slug>/{address}", feeds.event, {"form": form}, name=f"event_{form}")
            for form, address in _FORMS.items()
        ),
    ],
    "feeds",
)

urlpatterns = [
    path("", include(_reader)),
    path("", include(_feeds)),
    # As MEDIA_URL and models/picture name them.
    path("media/pictures/<slug:name>/<int:width>w.<slug:form>", pictures.rendition, name="picture"),
    path("oembed/", oembed.answer, name="oembed"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path("embed/", include("events.embed_urls")),
]
