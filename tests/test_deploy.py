"""What the deployment samples name exists: commands, files, variables, services, ports, addresses.

No container engine is needed: the files are read, and their commands are run here.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import get_commands, load_command_class

from liveblog import server, workers
from tests import processes, samples
from tests.samples import COMPOSE, ENV, IMAGE, PORTS, SERVERS, SERVICES, VARIABLE, interpolated, one, seconds, unit
from tests.services import ROOT, free_port

READ = re.compile(r"""(?:env\.\w+\(|_read\(env\.\w+, )"([A-Z_]+)\"""")
SETTINGS = set(READ.findall((ROOT / "liveblog" / "settings.py").read_text()))


def drain() -> float:
    """Seconds after which a worker is killed that has not ended, in production and with nothing set."""
    code = (
        "import django; django.setup();"
        "from django.conf import settings; print(settings.DRAIN_NOTICE + settings.DRAIN_SECONDS)"
    )
    env = {
        "DEBUG": "false",
        "SECRET_KEY": "x",
        "DJANGO_SETTINGS_MODULE": "liveblog.settings",
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return float(done.stdout) + max(server.GRACEFUL + server.LAST, workers.PATIENCE)


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile",
        "docker-compose.yml",
        "deploy/liveblog.service",
        "deploy/liveblog-clock.service",
        "docs/operating.md",
        "docker-compose.servers.yml",
    ],
)
def test_every_command_that_is_named_exists(path):
    named = re.findall(r"manage\.py['\", ]+([a-z_]+)((?: --?[a-z-]+)*)", (ROOT / path).read_text())
    assert named
    for command, options in named:
        assert command in get_commands(), f"{path} names {command}"
        known = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
        for option in options.split():
            assert option in known._option_string_actions, f"{path}: {command} has no {option}"


def test_every_variable_is_one_that_the_settings_read():
    assert len(SETTINGS) > 15
    example = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.M))
    for name in ("release", "web"):
        assert set(SERVICES[name]["environment"]) <= SETTINGS
    assert set(ENV) - {"PYTHONUNBUFFERED"} <= SETTINGS
    assert samples.BY_HAND and set(samples.BY_HAND) <= SETTINGS & example
    for path in ("docker-compose.yml", "docker-compose.servers.yml"):
        used = {match[0] for match in VARIABLE.findall((ROOT / path).read_text())}
        assert used <= example, f"{path} wants what .env.example does not list"
    # What is passed on under its own name, too.
    passed = {name for name, value in SERVICES["web"]["environment"].items() if value is None}
    assert passed <= example


def test_every_secret_comes_from_the_environment_and_is_asked_for_by_name():
    for path in ("docker-compose.yml", "docker-compose.servers.yml"):
        text = (ROOT / path).read_text()
        for line in text.splitlines():
            if re.search(r"(SECRET|PASSWORD)\w*:|postgres://", line) and not line.startswith("#"):
                found = VARIABLE.findall(line)
                assert found, line
                for name, mark, sentence in found:
                    assert mark == ":?" and name in sentence, f"without {name} nothing says so: {line}"
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(ENV), "no secret stays in the image"


def test_every_file_that_is_mounted_or_copied_exists():
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists(), source
            else:
                assert source in COMPOSE["volumes"], source
    for name, rest in IMAGE:
        if name == "COPY":
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
    left_out = set((ROOT / ".dockerignore").read_text().split())
    needed = {"manage.py", "requirements.txt", "liveblog", "events", "templates", "static", "locale", "seeds"}
    assert not needed & left_out
    assert left_out >= {".git", ".env", ".venv", "**/*.sqlite3*"}
    for path in (ROOT / "deploy" / "nginx").glob("*.conf"):
        for included in re.findall(r"^\s*include liveblog/(\S+);", path.read_text(), flags=re.M):
            assert (path.parent / included).exists(), f"{path.name} includes {included}"


def test_services_wait_for_services_that_can_say_that_they_are_ready():
    for name, service in SERVICES.items():
        for other, wanted in service.get("depends_on", {}).items():
            waited_for = SERVICES[other]
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in waited_for or "build" in waited_for, f"{name} waits for {other}"
            else:
                assert wanted["condition"] == "service_completed_successfully"
                assert waited_for["restart"] == "no"
    assert SERVICES["web"]["deploy"]["replicas"] == 2
    assert "ports" not in SERVICES["web"] and "container_name" not in SERVICES["web"], "there are two of them"


def test_ports_and_names_agree():
    port = int(ENV["PORT"])
    assert one("EXPOSE") == SERVICES["web"]["expose"][0] == str(port)
    assert ENV["HOST"] == "0.0.0.0"
    assert f"server web:{port} resolve" in (ROOT / "deploy/nginx/upstream.compose.conf").read_text()
    environment = SERVICES["web"]["environment"]
    for name in ("DATABASE_URL", "REDIS_URL"):
        address = urlsplit(interpolated(environment[name]))
        image = SERVICES[address.hostname]["image"].split(":")[0]
        assert (address.port or PORTS[image]) == PORTS[image]
    database = urlsplit(interpolated(environment["DATABASE_URL"]))
    told = {key: interpolated(value) for key, value in SERVICES["database"]["environment"].items()}
    assert (database.username, database.password, database.path[1:]) == tuple(
        told[f"POSTGRES_{name}"] for name in ("USER", "PASSWORD", "DB")
    )
    outside, inside = SERVICES["nginx"]["ports"][0].rsplit(":", 1)
    assert interpolated(outside) == "80"
    assert f"listen {inside} " in (ROOT / "deploy/nginx/server.conf").read_text()
    # All who make or serve static files mean the same folder.
    folder = environment["STATIC_ROOT"]
    assert folder == ENV["STATIC_ROOT"]
    assert f"alias {folder}/;" in (ROOT / "deploy/nginx/locations.conf").read_text()
    for name in ("release", "web", "nginx"):
        assert any(volume.startswith(f"static:{folder}") for volume in SERVICES[name]["volumes"])
    # Whoever runs a command by hand has the services' file: nothing that commands go by stands elsewhere.
    assert samples.BY_HAND["STATIC_ROOT"] == folder
    assert samples.BY_HAND["REMOVALS_FILE"].startswith(f"/var/lib/{unit()['Service']['StateDirectory']}/")
    assert re.findall(r"(\w+)=", unit()["Service"]["Environment"]) == ["HOST", "PORT"]
    assert "liveblog.env; export" not in (ROOT / "docs/operating.md").read_text()
    assert "127.0.0.1:8000" in (ROOT / "deploy/nginx/upstream.conf").read_text()
    assert "HOST=127.0.0.1 PORT=8000" in unit()["Service"]["Environment"]


def test_whoever_ends_it_waits_longer_than_the_drain():
    patience = drain()
    assert seconds(SERVICES["web"]["stop_grace_period"]) > patience
    assert int(unit()["Service"]["TimeoutStopSec"]) > patience
    assert f"--stop-timeout {seconds(SERVICES['web']['stop_grace_period'])}" in (ROOT / "Dockerfile").read_text()


def test_the_image_runs_the_server_itself_as_nobody_in_particular_from_locked_parts():
    assert json.loads(one("CMD")) == ["python", "manage.py", "serve"], "a shell between would keep the signal"
    assert one("STOPSIGNAL") == unit()["Service"]["KillSignal"] == "SIGTERM"
    assert one("USER") not in ("root", "0")
    names = [name for name, _rest in IMAGE]
    assert names.index("USER") < names.index("CMD")
    (install,) = [rest for name, rest in IMAGE if name == "RUN" and "pip install" in rest]
    assert "--require-hashes -r requirements.txt" in re.sub(r"\s+", " ", install).replace("--only-binary :all: ", "")
    version = one("ARG").removeprefix("PYTHON=")
    assert tuple(map(int, version.split("."))) >= (3, 11)
    assert f'python_version = "{version}"' in (ROOT / "pyproject.toml").read_text()


def test_the_image_is_healthy_when_the_server_is(tmp_path):
    check = json.loads(one("HEALTHCHECK").split("CMD", 1)[1])
    assert check[0] == "python"
    port = free_port()
    env = processes.environment(f"sqlite:///{tmp_path}/none.sqlite3", PORT=str(port), HOST="127.0.0.1")
    # Without a database, even: then it is not ready, and starting it again would not help.
    running = processes.Process([sys.executable, *json.loads(one("CMD"))[1:]], port, env)

    def state() -> int:
        given = {"PORT": str(port), "PATH": os.environ["PATH"]}
        return subprocess.run([sys.executable, *check[1:]], env=given, timeout=30, capture_output=True).returncode

    try:
        running.restart()
        assert state() == 0
        running.kill()
        assert state() != 0
    finally:
        running.close()
    # nginx asks for the same, from inside its own container.
    assert SERVICES["nginx"]["healthcheck"]["test"][-1] == "http://127.0.0.1/healthz"


def test_the_unit_starts_workers_and_reloads_them():
    service = unit()["Service"]
    words = shlex.split(service["ExecStart"])
    assert words[1].endswith("/manage.py")
    parser = load_command_class("events", "serve").create_parser("manage.py", "serve")
    assert parser.parse_args(words[3:]).workers >= 2
    assert service["ExecReload"].split()[1:] == ["-HUP", "$MAINPID"]
    assert service["KillMode"] == "mixed"
    # The link is followed anew by each worker: it is not the folder that the service begins in.
    assert os.path.dirname(words[1]) != service["WorkingDirectory"]
    assert int(service["LimitNOFILE"]) > 4 * 20_000


def test_a_process_that_ends_by_itself_is_started_again():
    # One whose event loop hangs does so, with an exit code of its own.
    assert SERVICES["web"]["restart"] == "unless-stopped"
    assert unit()["Service"]["Restart"] == "always"
    assert json.loads(one("CMD"))[-1] == "serve", "one process by itself, which sees to itself"


@pytest.mark.parametrize("name", ["upstream.conf", "upstream.compose.conf"])
def test_nginx_lets_an_idle_connection_go_before_we_do(name):
    (seconds,) = re.findall(r"^ *keepalive_timeout (\d+)s;", (ROOT / "deploy/nginx" / name).read_text(), flags=re.M)
    assert int(seconds) + 3 < server.config().timeout_keep_alive


def test_a_clock_runs_beside_the_site_with_the_same_settings():
    clock, web = SERVICES["clock"], SERVICES["web"]
    assert clock["command"] == ["python", "manage.py", "clock"]
    assert clock["restart"] == web["restart"]
    assert clock["environment"] == web["environment"]
    assert clock["healthcheck"] == {"disable": True}, "the image's asks a port, and a clock listens on none"
    mine, theirs = unit("liveblog-clock")["Service"], unit()["Service"]
    assert mine["ExecStart"] == theirs["ExecStart"].replace("serve --workers 4", "clock")
    for name in ("User", "Group", "EnvironmentFile", "Restart", "KillSignal", "ProtectSystem", "NoNewPrivileges"):
        assert mine[name] == theirs[name], name


def test_the_data_servers_can_be_had_alone():
    assert set(SERVERS["services"]) == {"database", "redis"}
    for name, service in SERVERS["services"].items():
        assert service["image"] == SERVICES[name]["image"]
        assert service.get("environment") == SERVICES[name].get("environment")
        assert all(port.startswith("127.0.0.1:") for port in service["ports"]), "nobody else on the network"
    assert {match[0] for match in VARIABLE.findall((ROOT / "docker-compose.servers.yml").read_text())} == {
        "POSTGRES_PASSWORD"
    }


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    """The address of a database with nothing in it, not even tables."""
    given = urlsplit(os.environ["DATABASE_URL"])
    if given.scheme == "sqlite":
        yield f"sqlite:///{folder}/bare.sqlite3"
        return
    name = f"live_bare_{os.getpid()}"
    processes._on_server("CREATE DATABASE {}", name)
    try:
        yield urlunsplit(given._replace(path=f"/{name}"))
    finally:
        processes._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def test_what_compose_starts_makes_a_site_out_of_nothing(tmp_path):
    """The release service's own command, then the image's, with the environment that Compose gives them."""
    given = {key: interpolated(value) for key, value in SERVICES["web"]["environment"].items() if value is not None}
    port = free_port()
    with bare(tmp_path) as database:
        given |= {
            "DATABASE_URL": database,
            "REDIS_URL": os.environ["TEST_REDIS_URL"],
            "STATIC_ROOT": str(tmp_path / "static"),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "PATH": f"{os.path.dirname(sys.executable)}:/usr/bin:/bin",
        }
        command = SERVICES["release"]["command"]
        assert command[:2] == ["sh", "-c"]
        done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "static" / "staticfiles.json").exists()
        web = processes.Server([sys.executable, *json.loads(one("CMD"))[1:]], port, given)
        try:
            web.restart()
            with urllib.request.urlopen(f"{web.url}/admin/login/", timeout=20) as answer:
                page = answer.read().decode()
            assert re.search(r"/static/css/accounts\.[0-9a-f]{12}\.css", page)
            began = time.monotonic()
            assert web.terminate() == 0
            assert time.monotonic() - began < seconds(SERVICES["web"]["stop_grace_period"])
        finally:
            web.close()
