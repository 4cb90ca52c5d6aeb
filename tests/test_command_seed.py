"""`manage.py seed`: exit codes and sentences."""

import pytest
from django.core.management import CommandError

from events.models import Event
from tests.command import call, manage
from tests.services import ROOT, free_port

TRAM = ROOT / "seeds" / "nawrasan-tram.yaml"


def test_seed_loads_all_files_and_again_changes_nothing(sqlite):
    again = manage("seed", DATABASE_URL=sqlite)
    assert again.returncode == 0
    assert again.stdout.count("nothing to do") == len(list((ROOT / "seeds").glob("*.yaml")))


def test_seed_loads_nothing_when_any_file_has_a_mistake(db, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("event:\n  slug: x\n")
    with pytest.raises(CommandError) as caught:
        call("seed", TRAM, wrong)
    assert "line 2: “title” is missing" in str(caught.value)
    assert "Nothing was loaded." in str(caught.value)
    assert caught.value.returncode == 1
    assert not Event.objects.exists()


def test_seed_writes_nothing_on_a_dry_run(db):
    assert "no mistakes" in call("seed", TRAM, "--dry-run")
    assert not Event.objects.exists()


def test_seed_says_so_when_the_database_has_no_tables(tmp_path):
    answer = manage("seed", DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert answer.returncode == 1
    assert "manage.py migrate" in answer.stderr


def test_a_database_that_is_not_there_is_one_sentence():
    answer = manage("seed", DATABASE_URL=f"postgres://postgres@127.0.0.1:{free_port()}/x")
    assert answer.returncode == 1
    assert "The database cannot be used" in answer.stderr
    assert "DATABASE_URL" in answer.stderr
