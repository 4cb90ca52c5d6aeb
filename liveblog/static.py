"""Static files on their way out: hashed names, modules that find each other, no comments.

Comments in scripts and styles are for us. A tokenizer takes them out, since a pattern alone
would take the half of a string or of a regular expression for one.
"""

import re
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile

# What may hold `//` or `/*` without being a comment comes first: strings, templates, regular expressions.
_SCRIPT = re.compile(
    r"""(?P<keep>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
    r"""|(?<=[=(,:!&|?{};\n])[ \t]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[dgimsuvy]*)"""
    r"""|(?P<comment>/\*.*?\*/|//[^\n]*)""",
    re.DOTALL,
)
_STYLE = re.compile(r"""(?P<keep>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<comment>/\*.*?\*/)""", re.DOTALL)
_INDENT = re.compile(r"\n\s+")


def strip_script(source: str) -> str:
    """Return a script without comments. Indentation stays: a template may hold it."""
    return re.sub(r"\n(?:[ \t]*\n)+", "\n", _SCRIPT.sub(lambda match: match["keep"] or "", source)).lstrip()


def strip_style(source: str) -> str:
    """Return a style sheet without comments and indentation."""
    return _INDENT.sub("\n", _STYLE.sub(lambda match: match["keep"] or "", source)).strip() + "\n"


class Storage(ManifestStaticFilesStorage):
    """Django's manifest storage, with modules rewritten and our own comments taken out."""

    support_js_module_import_aggregation = True
    #: Other people's files keep their comments: their licences stand there.
    ours = re.compile(r"^(js|css)/[^/]+\.(js|css)$")

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Any:
        """Strip our files where `collectstatic` has put them, then hash everything."""
        for name in paths if not dry_run else ():
            if not self.ours.match(name):
                continue
            with self.open(name) as file:
                source = file.read().decode()
            stripped = strip_script(source) if name.endswith(".js") else strip_style(source)
            self.delete(name)
            self._save(name, ContentFile(stripped.encode()))
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)
