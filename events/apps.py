"""The app's entry in Django's registry."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events, their posts, and everything that brings them to readers."""

    name = "events"
    verbose_name = "Live events"
