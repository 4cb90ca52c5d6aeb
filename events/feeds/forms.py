"""The three forms of a feed: Atom (RFC 4287) with tombstones (RFC 6721), RSS 2.0, JSON Feed 1.1."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date

from events.feeds.contents import Entry, Feed


@dataclass(frozen=True)
class Form:
    """How a feed is written down."""

    media_type: str
    write: Callable[[Feed], str]


class _Told(SyndicationFeed):
    """Django's feeds, as of what they say and not of now."""

    def latest_post_date(self) -> datetime:
        """When what the feed says was last changed."""
        updated: datetime = self.feed["updated"]
        return updated


class _Atom(_Told, Atom1Feed):
    def root_attributes(self) -> dict[str, Any]:
        return {**super().root_attributes(), "xmlns:at": "http://purl.org/atompub/tombstones/1.0"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for row in self.feed["gone"]:
            handler.startElement("at:deleted-entry", {"ref": row.id, "when": rfc3339_date(row.at)})
            if row.note:
                handler.addQuickElement("at:comment", row.note)
            handler.endElement("at:deleted-entry")

    def item_attributes(self, item: dict[str, Any]) -> dict[str, Any]:
        return {**super().item_attributes(item), "xml:lang": item["language"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})


class _Rss(_Told, Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, Any]:
        more = {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }
        return {**super().rss_attributes(), **more}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["html"])
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))


def _atom(feed: Feed) -> str:
    # The content says it all.
    return _written(_Atom, feed, "feed.atom", lambda _entry: None, author_name=settings.SITE_NAME)


def _rss(feed: Feed) -> str:
    # An author there is an e-mail address: who wrote a post is `dc:creator`.
    return _written(_Rss, feed, "feed.rss", lambda entry: entry.summary)


def _written(made: type[_Told], feed: Feed, name: str, summary: Callable[[Entry], str | None], **given: Any) -> str:
    written = made(
        title=feed.title,
        link=feed.link,
        description=feed.about or feed.title,
        subtitle=feed.about or None,
        language=feed.language,
        feed_url=f"{feed.link}{name}{feed.query}",
        feed_guid=feed.id,
        gone=feed.gone,
        updated=feed.updated,
        **given,
    )
    for entry in feed.entries:
        written.add_item(
            title=entry.title,
            link=entry.link,
            # None for no element at all, which Django's own feeds write, too.
            description=summary(entry),  # type: ignore[arg-type]
            author_name=entry.author,
            unique_id=entry.id,
            unique_id_is_permalink=False,
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=(entry.kind,),
            html=entry.html,
            language=entry.language,
        )
    return written.writeString("utf-8")


def _json(feed: Feed) -> str:
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.link,
        "feed_url": f"{feed.link}feed.json{feed.query}",
        "description": feed.about,
        "language": feed.language,
        "authors": [{"name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}],
        "expired": feed.ended,
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": rfc3339_date(entry.published),
        "date_modified": rfc3339_date(entry.updated),
        "authors": [{"name": entry.author}],
        "tags": [entry.kind],
        "language": entry.language,
    }


FORMS = {
    "atom": Form("application/atom+xml; charset=utf-8", _atom),
    "rss": Form("application/rss+xml; charset=utf-8", _rss),
    "json": Form("application/feed+json; charset=utf-8", _json),
}
