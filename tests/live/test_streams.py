"""The event streams as a browser has them: a process of their own, asked over HTTP."""

from __future__ import annotations

import http.client
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.test import Client

from core import ids
from live import publish
from organizations.models import Post, Role, User
from tests.factories.organizations import make_person, make_unit
from tests.processes import free_port, running, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE, STRANGER = "http://127.0.0.1:8000", "http://127.0.0.1:9999"
PASSWORD = "mat-khau-thu-nghiem-1"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("streams")]


@dataclass
class Listening:
    """One open stream, and the lines it has said."""

    answer: http.client.HTTPResponse
    lines: list[str] = field(default_factory=list)

    def next(self) -> str:
        """The next line that is not empty; "" at the end."""
        while raw := self.answer.readline():
            line = raw.decode().strip()
            if line:
                self.lines.append(line)
                return line
        return ""

    def until(self, wanted: str, most: int = 60) -> bool:
        """Whether the line comes before the stream ends."""
        for _line in range(most):
            line = self.next()
            if line == wanted:
                return True
            if not line:
                return False
        return False


@dataclass
class Person:
    """A signed-in browser."""

    client: Client
    topic: str

    @property
    def session(self) -> str:
        return self.client.session.session_key or ""


@pytest.fixture
def port() -> Iterator[int]:
    number = free_port()
    command = [
        "-m",
        "uvicorn",
        "config.asgi:application",
        "--port",
        str(number),
        "--log-level",
        "warning",
        "--lifespan",
        "off",
    ]
    with running(command, STREAMS_FOR=PAGE, LIVE_PING_SECONDS="1"):
        wait_for(lambda: socket.create_connection(("127.0.0.1", number), 1))
        yield number


@pytest.fixture
def clerk() -> Person:
    user = make_person(make_unit("LS"), Role.CLERK, username="nghe", password=PASSWORD)
    client = Client()
    assert client.login(username="nghe", password=PASSWORD)
    post = Post.objects.get(appointments__user=user)
    return Person(client, f"holder:{ids.post_key(post.pk)}")


@contextmanager
def listening(
    port: int, *topics: str, session: str = "", origin: str = PAGE, path: str = "/live/"
) -> Iterator[Listening]:
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    query = "&".join(f"topic={topic}" for topic in topics)
    talk.request("GET", f"{path}?{query}", headers={"Cookie": f"sessionid={session}", "Origin": origin})
    yield Listening(talk.getresponse())
    talk.close()


class TestStream:
    def test_passes_on_what_commits_and_nothing_else(self, port: int, clerk: Person) -> None:
        with listening(port, clerk.topic, session=clerk.session) as stream:
            assert stream.answer.getheader("content-type") == "text/event-stream"
            assert stream.until("event: resync")
            with transaction.atomic():
                publish(clerk.topic)
                publish("holder:post:999999")
                transaction.set_rollback(True)
            publish("holder:post:888888")
            assert stream.until(": ping")
            before = list(stream.lines)
            publish(clerk.topic)

            assert stream.until(f"data: {clerk.topic}")
            assert not [line for line in before if line.startswith("data: h")]

    def test_says_that_it_lives_and_when_to_come_back(self, port: int, clerk: Person) -> None:
        with listening(port, clerk.topic, session=clerk.session) as stream:
            assert stream.next() == "retry: 3000"
            assert stream.until(": ping")
            assert stream.until(": ping")

    def test_ends_when_its_person_signs_out(self, port: int, clerk: Person) -> None:
        with listening(port, clerk.topic, session=clerk.session) as stream:
            assert stream.until(": ping")
            clerk.client.logout()

            assert not stream.until("never")

    def test_ends_when_the_password_changes_elsewhere(self, port: int, clerk: Person) -> None:
        with listening(port, clerk.topic, session=clerk.session) as stream:
            assert stream.until(": ping")
            user = User.objects.get(username="nghe")
            user.set_password("mot-mat-khau-khac-2")
            user.save(update_fields=["password"])

            assert not stream.until("never")

    def test_looks_again_after_its_database_connection_was_cut(self, port: int, clerk: Person) -> None:
        with listening(port, clerk.topic, session=clerk.session) as stream:
            assert stream.until("event: resync")
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN live' AND pid <> pg_backend_pid()"
                )

            assert stream.until("event: resync")
            publish(clerk.topic)
            assert stream.until(f"data: {clerk.topic}")


class TestRefusals:
    def test_nobody_listens_without_a_session(self, port: int, clerk: Person) -> None:
        with listening(port, clerk.topic) as stream:
            assert stream.answer.status == 403

    def test_nobody_listens_to_another_ones_topics(self, port: int, clerk: Person) -> None:
        with listening(port, "holder:post:999999", "document:1", "nonsense", session=clerk.session) as stream:
            assert stream.answer.status == 403

    def test_there_is_one_address(self, port: int, clerk: Person) -> None:
        with listening(port, clerk.topic, session=clerk.session, path="/") as stream:
            assert stream.answer.status == 404

    @pytest.mark.parametrize(("origin", "answered"), [(PAGE, PAGE), (STRANGER, None)])
    def test_a_page_of_another_origin_cannot_read(
        self, port: int, clerk: Person, origin: str, answered: str | None
    ) -> None:
        with listening(port, clerk.topic, session=clerk.session, origin=origin) as stream:
            assert stream.answer.getheader("access-control-allow-origin") == answered
            assert stream.answer.getheader("access-control-allow-credentials") == ("true" if answered else None)
