"""The command line as it is used: in this process, and as a process of its own."""

import io
import os
import subprocess
import sys

from django.core.management import call_command

from tests.services import ROOT


def call(*arguments: object, **options: object) -> str:
    """Run a command in this process and return what it printed."""
    out = io.StringIO()
    call_command(*[str(argument) for argument in arguments], stdout=out, stderr=out, **options)
    return out.getvalue()


def manage(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as a person would, and never see a traceback."""
    answer = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        input=stdin,
        capture_output=True,
        timeout=60,
    )
    errors = answer.stderr.decode()
    assert "Traceback" not in errors
    return subprocess.CompletedProcess(answer.args, answer.returncode, answer.stdout.decode(), errors)
