"""Addresses of the embed."""

from django.urls import path

from events.views import embed

app_name = "embed"
urlpatterns = [
    path("v1.js", embed.loader, name="loader"),
    path("<slug:slug>/", embed.event, name="event"),
    path("<slug:slug>/fragment/", embed.fragment, name="fragment"),
    path("<slug:slug>/p_<slug:key>/", embed.partner, name="partner"),
]
