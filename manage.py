#!/usr/bin/env python3
"""The command line of the project: `manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    """Hand the command line over to Django, with our settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
    from liveblog import lifeline
    from liveblog.settings_errors import speak_plainly

    lifeline.hold()
    with speak_plainly():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
