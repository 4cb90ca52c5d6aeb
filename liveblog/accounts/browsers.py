"""What a browser calls itself, in words that its owner knows it by."""

#: Mark in the header -> name. The first that is found counts: most name the others too.
_BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def name_of(agent: str) -> str:
    """“Firefox, Windows”; the header's beginning where it names neither; empty for an empty one."""
    found = (next((name for mark, name in names.items() if mark in agent), "") for names in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, found)) or agent[:60]
