"""Bring the catalogues in step with what readers can be told: `python -m tests.messages`, or `make messages`.

Translations stay, new messages stand empty, those that nobody says any more are kept at the
end and come back with the message. Each .mo file is written anew. What is still to be
translated is printed, and is then the exit code 1.
"""

import os

import django

from tests import services

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup()

from django.conf import settings  # noqa: E402

from tests.messages import catalogue, gathering  # noqa: E402


def main() -> int:
    """Read, follow and write each language; say what is missing."""
    wanted = gathering.of_readers()
    missing = 0
    for language, _name in settings.LANGUAGES:
        if language == "en":
            continue
        found = catalogue.read(language)
        found.follow(wanted)
        catalogue.write(found)
        missing += len(found.missing())
        where = os.path.relpath(catalogue.path(language), services.ROOT)
        print(f"{where}: {len(found.entries)} messages, {len(found.missing())} to translate.")
        for one, _other, context in found.missing():
            print(f"  {one!r}" + (f" ({context})" if context else ""))
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
