"""The desk's addresses, and what its browser sends to them."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from events.models import Event


def at(event: Event, path: str = "") -> str:
    """An address of an event's desk."""
    return f"/admin/events/event/{event.pk}/desk/{path}"


def send(client: Client, event: Event, path: str, **content: Any) -> HttpResponse:
    """POST something as the desk's scripts do."""
    return client.post(at(event, path), json.dumps(content), content_type="application/json")


def do(client: Client, event: Event, verb: str, **content: Any) -> HttpResponse:
    """Ask for a deed."""
    return send(client, event, f"deeds/{verb}/", **content)
