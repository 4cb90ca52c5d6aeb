"""The live floor's own way to the database: what is ended, what is left alone, what is let go."""

import asyncio
import os
import socket
import threading
import weakref
from contextlib import closing

import pytest
from django.db import DatabaseError, connection, connections

from events.live import database
from events.live.database import Database
from tests.test_hub import until

pytestmark = pytest.mark.django_db(transaction=True)
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no connection to cut")


@pytest.fixture
async def asked():
    """A way to the database that counts how often it looks at what it waits for."""

    class Watched(Database):
        looks = 0

        def _watch(self, *more):
            super()._watch(*more)
            self.looks += 1

    made = Watched()
    yield made
    await made.close()


class Answer:
    """Something large."""


async def test_an_answer_is_let_go_when_nobody_needs_it_any_more(asked):
    answer = await asked.ask(Answer)
    there = weakref.ref(answer)
    del answer
    await until(lambda: there() is None)


async def test_nobody_watches_when_nobody_waits(asked, monkeypatch):
    monkeypatch.setattr(database, "QUESTION_SECONDS", 0.01)
    opened = threading.Event()
    first, second = asked.ask(opened.wait, 5), asked.ask(Answer)

    both = asyncio.gather(first, second)
    await until(lambda: asked.looks)
    opened.set()
    await both
    assert asked.waiting == 0
    assert asked._next_watch is None


@on_postgres
async def test_a_question_that_a_silent_database_does_not_answer_is_ended(asked, monkeypatch):
    monkeypatch.setattr(database, "QUESTION_SECONDS", 0.1)

    def wait():
        with connection.cursor() as cursor:
            cursor.execute("SET client_connection_check_interval = 100; SET statement_timeout = 0; SELECT pg_sleep(60)")

    with pytest.raises(DatabaseError):
        await asked.ask(wait)
    assert await asked.ask(database.is_ready)


@on_postgres
async def test_a_connection_that_died_between_two_questions_costs_no_answer(asked):
    pid = await asked.ask(lambda: connections["default"].connection.info.backend_pid)

    def end():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])

    await asyncio.to_thread(end)
    assert await asked.ask(database.is_ready)
    assert await asked.ask(lambda: connections["default"].connection.info.backend_pid) != pid


def number():
    """The descriptor of this thread's connection."""
    return connections["default"].connection.fileno()


@on_postgres
async def test_a_strangers_connection_with_the_number_of_ours_is_left_alone(asked, monkeypatch):
    monkeypatch.setattr(database, "QUESTION_SECONDS", 0.01)
    ours = await asked.ask(number)
    await asked.ask(lambda: connections["default"].close())
    opened, find = threading.Event(), database._descriptor
    monkeypatch.setattr(database, "_descriptor", lambda: opened.wait(10) and find())
    here, there = socket.socketpair()
    with closing(here), closing(there):
        # The lowest number that is free is given away first: as a rule it is this one already.
        if ours not in (here.fileno(), there.fileno()):
            os.dup2(here.fileno(), ours)

        question = asyncio.create_task(asked.ask(database.is_ready))
        await until(lambda: asked.looks >= 2)
        here.sendall(b"still open")
        assert there.recv(20) == b"still open"
        if ours not in (here.fileno(), there.fileno()):
            os.close(ours)
        opened.set()
        assert await question
