"""The office as its people have it: pages, a worker that reads, an indexer, event streams; each a process of its own."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from demo.office import build_office
from tests.journeys.person import Person, Round
from tests.processes import free_port, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

UNITS = ("LDLD-AH", "CDP-DT", "CDX-PLT", "LDLD-TG")


@pytest.fixture
def office(db: None, settings: Any, live_server: Any, tmp_path: Path) -> Iterator[None]:
    """A part of the demo union on four tiers, with the processes that work for it."""
    with connection.cursor() as cursor:  # rows of jobs are not Django's, so its tests do not clean them away
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    port = free_port()
    serve_from_here(settings, tmp_path, f"http://localhost:{port}")
    build_office(only=UNITS)
    folders = {"MEDIA_ROOT": str(settings.MEDIA_ROOT), "SEARCH_ROOT": str(settings.SEARCH_ROOT)}
    streams = [
        "-m",
        "uvicorn",
        "config.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--lifespan",
        "off",
    ]
    with ExitStack() as stack:
        stack.enter_context(running(["manage.py", "worker", "ocr", "--concurrency", "1"], **folders))
        stack.enter_context(running(["manage.py", "search_indexer"], **folders))
        stack.enter_context(running(streams, STREAMS_FOR=live_server.url))
        yield


def serve_from_here(settings: Any, folder: Path, streams: str) -> None:
    """Files as they are in the working tree, data in a folder of this test, streams from their own port."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.MEDIA_ROOT, settings.SEARCH_ROOT = folder / "files", folder / "search"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"connect-src": ["'self'", streams]}
    settings.STREAMS_ORIGIN, settings.CONTENT_SECURITY_POLICY = streams, {"DIRECTIVES": directives}


@pytest.fixture
def whole_round() -> Round:
    """Everything that was looked at in this journey."""
    return Round()


@pytest.fixture
def somebody(browser_page: Callable[..., Any], whole_round: Round, office: None) -> Callable[..., Person]:
    """`somebody("van-thu-an-hoa", DESK)`: a person of the demo office signs in at a window of their own."""

    def signed_in(username: str, window: dict[str, Any]) -> Person:
        person = Person(username, browser_page(**window), window, whole_round).signs_in()
        whole_round.sessions[username] = person.page.context.storage_state()
        return person

    return signed_in


@pytest.fixture
def look_again(browser_page: Callable[..., Any], whole_round: Round) -> Callable[[], None]:
    """Open every page of the journey once more, in the other size and in the dark."""

    def again() -> None:
        windows: dict[str, Person] = {}
        for visit in list(whole_round.pages.values()):
            key = f"{visit.username} {visit.other_window}"
            if key not in windows:
                page = browser_page(**visit.other_window, storage_state=whole_round.sessions.get(visit.username))
                windows[key] = Person(visit.username, page, visit.other_window, whole_round)
            answer = windows[key].page.goto(visit.address)
            if answer and answer.ok:  # what only an act shows cannot be opened
                windows[key].looks()

    return again
