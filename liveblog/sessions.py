"""Sessions for editors alone."""

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse


class EditorsSessionMiddleware(SessionMiddleware):
    """Django's sessions, below /admin/ and nowhere else.

    Whatever cookie a reader brings, a public answer sets none and does not vary by it: a
    shared cache may then hand the same bytes to everybody.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Store the session and set its cookie, for the admin's pages."""
        if not request.path_info.startswith("/admin/"):
            return response
        return super().process_response(request, response)
