"""The reader's scripts as one file: its modules joined on their way out.

A module that imports others is a chain of requests, each found only when the one before it has
come: three round trips on a phone before the page is live. Joined they are one request, and
compress better than each alone. The sources stay modules, and are served as they are where
`DEBUG` is on.
"""

import re
from collections.abc import Callable

_IMPORT = re.compile(r'^import\s+(?:\{[^}]*\}\s+from\s+)?"\./(?P<file>[\w-]+\.js)";\n', re.M)
_EXPORT = re.compile(r"^export\s+(?=(?:async|const|let|class|function)\b)", re.M)
_DECLARED = re.compile(r"^(?:export\s+)?(?:async\s+)?(?:const|let|class|function)\s+(?P<name>[\w$]+)", re.M)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.M)


def join(entry: str, read: Callable[[str], str]) -> str:
    """Return the module `entry` with all that it imports before it; `read(name)` gives a module's source.

    What stands at the top of a module begins in the first column, as prettier writes it, and
    shares one scope afterwards: raises ``ValueError`` where two modules declare the same name,
    and for any other form of import or export than `import { a, b } from "./c.js"`.
    """
    done: list[str] = []
    names: dict[str, str] = {}
    parts: list[str] = []

    def take(file: str) -> None:
        if file in done:
            return
        done.append(file)
        source = read(file)
        for match in _IMPORT.finditer(source):
            if " as " in match[0]:
                raise ValueError(f"{file} renames what it imports: {match[0].strip()}")
            take(match["file"])
        for match in _DECLARED.finditer(source):
            name = match["name"]
            if names.setdefault(name, file) != file:
                raise ValueError(f"{file} and {names[name]} both declare {name}")
        body = _EXPORT.sub("", _IMPORT.sub("", source))
        if left := _LEFT.search(body):
            raise ValueError(f"{file} cannot be joined: {left[0]}")
        parts.append(body)

    take(entry)
    return "".join(parts)
