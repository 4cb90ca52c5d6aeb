"""A backup that was restored under open readers: a new history begins, once, and everybody ends on it."""

import asyncio
import io
import subprocess
import sys
from contextlib import AsyncExitStack

import pytest
from django.core.management import CommandError, call_command

from events import publishing
from events.models import Stream
from tests import cast, processes
from tests.backup import backup
from tests.faults.scene import equals_fresh
from tests.follower import Reader
from tests.services import ROOT


def renew(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`manage.py renew_epoch`, as by hand."""
    return subprocess.run(
        [sys.executable, "manage.py", "renew_epoch", *arguments],
        cwd=ROOT,
        env=processes.environment(database),
        capture_output=True,
        text=True,
        timeout=60,
    )


async def elsewhere(database: str, verb: str, **order):
    """A deed in a process of its own."""
    return await asyncio.to_thread(processes.write_elsewhere, database, None, verb, **order)


async def test_readers_of_a_restored_backup_end_equal_to_a_fresh_page(database):
    async with AsyncExitStack() as stack:
        await elsewhere(database, "begin")
        await elsewhere(database, "publish", headline="In the backup")
        put_back = stack.enter_context(backup(database))
        servers = [stack.enter_context(processes.serve(database, pen=True)) for _ in range(2)]
        readers = [await stack.enter_async_context(Reader(server.ws_url)) for server in servers]
        for number in range(3):
            done = await servers[0].write("publish", headline=f"Lost with the disk, {number}")
        for reader in readers:
            await reader.reach(done["sequence"])
        epoch = readers[0].page.epoch

        # As much is published after the restore as was lost, before any process looks: the numbers
        # are those that readers have, the posts are others, and no process can see it by itself.
        for server in servers:
            server.freeze()
        await asyncio.to_thread(put_back)
        for number in range(3):
            again = await elsewhere(database, "publish", headline=f"After the restore, {number}")
        assert again["sequence"] == done["sequence"]
        for server in servers:
            server.thaw()
        answer = await asyncio.to_thread(renew, database, "call")
        assert (answer.returncode, answer.stderr) == (0, "")
        assert (
            answer.stdout
            == "“Two presidents on the phone” begins a new history: open pages take it anew within seconds.\n"
        )

        for reader in readers:
            await reader.until(lambda reader=reader: reader.page.epoch not in ("", epoch), 15)
        await servers[1].write("publish", headline="And on it goes")
        page = await equals_fresh(servers[0], *readers)
        assert len(page.shown()) == 5
        assert not any("Lost with the disk" in html for _order, _post, _version, html in page.shown())
        assert [reader.resets for reader in readers] == [2, 2], "once at the beginning, and once more"


async def test_of_two_processes_that_see_the_number_fall_one_begins_the_new_history(database):
    async with AsyncExitStack() as stack:
        servers = [stack.enter_context(processes.serve(database, pen=True)) for _ in range(2)]
        await servers[0].write("begin")
        readers = [await stack.enter_async_context(Reader(server.ws_url)) for server in servers]
        for number in range(4):
            done = await servers[number % 2].write("publish", headline=f"Post {number}")
        for reader in readers:
            await reader.reach(done["sequence"])
        epoch = readers[0].page.epoch
        # Both wake with their looks overdue, so that they ask at the same moment.
        for server in servers:
            server.freeze()
        await elsewhere(database, "set_back", sequence=3)
        await asyncio.sleep(1)
        for server in servers:
            server.thaw()
        for reader in readers:
            await reader.until(lambda reader=reader: reader.page.epoch not in ("", epoch), 15)
        # Long enough for a second one to begin, if there were one.
        await asyncio.sleep(2)
        done = await servers[1].write("publish", headline="After the restore")
        page = await equals_fresh(servers[0], *readers)
        assert {reader.page.epoch for reader in readers} == {page.epoch}
        assert [reader.resets for reader in readers] == [2, 2], "once at the beginning, and once more"
        assert len(page.shown()) == 3


@pytest.mark.django_db
def test_of_two_who_saw_the_same_epoch_one_renews_it():
    event = cast.event()
    seen = event.stream.epoch
    assert publishing.renew_epoch(event, seen=seen)
    renewed = Stream.objects.get(event=event).epoch
    assert not publishing.renew_epoch(event, seen=seen)
    assert renewed == Stream.objects.get(event=event).epoch != seen


def test_all_events_are_renewed_and_an_unknown_one_is_one_sentence(database):
    none = renew(database, "--all")
    assert (none.returncode, none.stderr) == (2, "CommandError: There is no event yet.\n")
    processes.write_elsewhere(database, None, "begin")
    before = processes.write_elsewhere(database, None, "fresh")["answer"]["epoch"]
    answer = renew(database, "--all")
    assert answer.returncode == 0
    assert answer.stdout.count("begins a new history") == 1
    after = processes.write_elsewhere(database, None, "fresh")["answer"]["epoch"]
    assert after != before
    unknown = renew(database, "no-such-event")
    assert unknown.returncode == 2
    assert unknown.stderr == "CommandError: There is no event “no-such-event”; there are: call.\n"
    assert processes.write_elsewhere(database, None, "fresh")["answer"]["epoch"] == after
    neither = renew(database)
    assert neither.returncode == 2
    assert "Traceback" not in neither.stderr


@pytest.mark.django_db(transaction=True)
def test_several_are_renewed_each_on_its_own_and_the_first_that_is_not_there_is_named():
    events = [cast.event(slug) for slug in ("one", "two", "three")]
    before = {event.slug: Stream.objects.get(event=event).epoch for event in events}
    said = io.StringIO()
    with pytest.raises(CommandError, match="no event “nowhere”") as refused:
        call_command("renew_epoch", "one", "nowhere", "two", "neither", stdout=said)
    assert refused.value.returncode == 2
    assert said.getvalue().count("begins a new history") == 2
    after = dict(Stream.objects.values_list("event__slug", "epoch"))
    assert {slug for slug in before if before[slug] != after[slug]} == {"one", "two"}


@pytest.mark.parametrize("arguments", [(), ("one", "--all")])
def test_either_some_or_all(arguments):
    with pytest.raises(CommandError):
        call_command("renew_epoch", *arguments)
