"""The whole office: every process in turn is killed without warning, the supervisor too."""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.grounds import NAMES
from tests.processes import wait_for

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from tests.grounds import Ground

pytestmark = [pytest.mark.xdist_group("ground"), pytest.mark.slow]


@pytest.fixture
def office(ground: Ground) -> Iterator[subprocess.Popen[str]]:
    """A running office, whichever process holds it at the end of the test."""
    process = ground.serve()
    wait_for(ground.is_whole, 120)
    yield process
    process.terminate()
    process.wait(90)


class TestServe:
    def test_keeps_six_processes_and_stops_cleanly(self, ground: Ground) -> None:
        process = ground.serve()
        wait_for(ground.is_whole, 120)

        process.terminate()

        assert process.wait(90) == 0
        assert ground.processes() == {}
        words = ground.said.read_text()
        assert f"http://127.0.0.1:{ground.port}/" in words
        assert words.rstrip().endswith("stopped")
        assert "ended with" not in words

    def test_every_killed_process_comes_back(self, ground: Ground, office: subprocess.Popen[str]) -> None:
        for name in NAMES:
            kill_and_wait_for_another(ground, name)
        assert office.poll() is None

    def test_a_command_uses_the_office_s_database(self, ground: Ground, office: subprocess.Popen[str]) -> None:
        before = ground.find("database")[0]

        ended = ground.manage(
            "shell", "-v0", "-c", "from organizations.models import User; print('people', User.objects.count())"
        )

        assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "people 0"), ended.stdout
        assert ground.find("database")[0] == before

    def test_a_second_one_on_the_folder_says_who_serves(self, ground: Ground, office: subprocess.Popen[str]) -> None:
        second = ground.serve()

        assert second.wait(30) == 1
        assert f"process {office.pid}" in ground.said.read_text()
        assert ground.is_ready()

    def test_no_child_outlives_a_killed_supervisor(self, ground: Ground) -> None:
        process = ground.serve()
        wait_for(ground.is_whole, 120)

        process.kill()
        process.wait()

        wait_for(lambda: ground.processes() == {}, 20)

    def test_an_office_begins_where_a_killed_one_ended(self, ground: Ground) -> None:
        first = ground.serve()
        wait_for(ground.is_ready, 120)
        first.kill()
        second = ground.serve()

        wait_for(lambda: second.poll() is not None or ground.is_ready(), 120)

        assert second.poll() is None
        second.terminate()
        assert second.wait(90) == 0
        assert ground.processes() == {}

    def test_an_office_begins_while_pages_of_a_killed_one_still_answer_somebody(self, ground: Ground) -> None:
        first = ground.serve()
        wait_for(ground.is_whole, 120)
        with socket.create_connection(("127.0.0.1", ground.port)) as slow:
            slow.sendall(b"POST /tai-khoan/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n")
            time.sleep(1)
            first.kill()
            second = ground.serve()

            wait_for(lambda: second.poll() is not None or ground.is_ready(), 120)

        assert second.poll() is None
        second.terminate()
        assert second.wait(90) == 0

    def test_a_taken_port_is_said(self, ground: Ground) -> None:
        with socket.create_server(("127.0.0.1", ground.port)):
            process = ground.serve()
            assert process.wait(30) == 1

        assert str(ground.port) in ground.said.read_text()

    def test_waits_for_a_command_that_has_the_database(self, ground: Ground) -> None:
        command = ground.start("with", "--", "sleep", "3")
        time.sleep(1)
        process = ground.serve()

        wait_for(ground.is_ready, 120)

        assert command.wait(5) == 0
        process.terminate()
        assert process.wait(90) == 0


def kill_and_wait_for_another(ground: Ground, name: str) -> None:
    first = wait_for(lambda: ground.find(name), 60)[0]
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: first not in ground.processes())
    wait_for(lambda: ground.find(name), 60)
    wait_for(ground.is_ready, 60)
