"""The deployment samples as data: what Compose, Docker and systemd would read in them."""

import configparser
import re
import shlex
from typing import Any

import yaml

from tests.services import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVERS: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.servers.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
#: What systemd and the shell read of the sample of /etc/liveblog.env.
BY_HAND = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / "deploy" / "liveblog.env").read_text(), flags=re.M))
#: Where each image listens.
PORTS = {"postgres": 5432, "redis": 6379}
VARIABLE = re.compile(r"\$\{(\w+)(?:(:[?-])([^}]*))?\}")
GIVEN = {"SECRET_KEY": "k" * 60, "SITE_URL": "http://127.0.0.1:8000", "POSTGRES_PASSWORD": "secret"}


def dockerfile() -> list[tuple[str, str]]:
    """The instructions, in order: name and arguments."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M).replace("\\\n", " ")
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in text.splitlines() if line.strip()]


IMAGE = dockerfile()
ENV = dict(pair.split("=", 1) for name, rest in IMAGE if name == "ENV" for pair in shlex.split(rest))


def one(name: str) -> str:
    """The arguments of an instruction that stands there once."""
    (found,) = [rest for instruction, rest in IMAGE if instruction == name]
    return found


def unit(name: str = "liveblog") -> configparser.ConfigParser:
    """A systemd unit."""
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ROOT / "deploy" / f"{name}.service")
    return parser


def interpolated(text: str) -> str:
    """What Compose makes of a value when only the required variables are set."""
    return VARIABLE.sub(lambda match: GIVEN.get(match[1]) or (match[3] if match[2] == ":-" else ""), text)


def seconds(text: str) -> int:
    """A duration such as 60s."""
    assert text.endswith("s")
    return int(text[:-1])
