"""Whoever walks through the whole office meets nothing of what is not theirs."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from search.services import search_documents
from tests.processes import ROOT
from tests.rights.routes import UNKNOWN, addresses, has_page, routes
from tests.rights.scene import PERSONAS, Scene, make_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker

PUBLIC = {"livez", "readyz"}
# Garbage for what pages read from their address.
ODD = {
    "q": "\x00'\"<", "page": "x", "after": "abc", "nam": "9" * 30, "tab": "?", "tep": "-1", "don-vi": "\x00", "so": "?", "xep": "?",
    "tra-loi": "9" * 30, "loai": "1e9", "next": "//evil.example",
}  # fmt: skip


pytestmark = pytest.mark.xdist_group("scene")


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any) -> Iterator[Scene]:
    """Built once and rolled back after the last test of this file: looking changes nothing."""
    from django.db import transaction
    from django.test import override_settings

    folder: Path = tmp_path_factory.mktemp("scene")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder, SEARCH_ROOT=folder / "index"):
        block: Any = transaction.atomic()
        block._from_testcase = True  # as the block of any test, so that services may ask for a transaction of their own
        with block:
            made = make_scene()
            made.folder = folder
            yield made
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _same_office(scene: Scene, settings: Any, db: None) -> None:
    settings.MEDIA_ROOT, settings.SEARCH_ROOT = scene.folder, scene.folder / "index"


def browser(scene: Scene, name: str) -> Client:
    client = Client()
    client.force_login(scene.person(name))
    return client


def everything_in(answer: Any) -> str:
    """Body, headers and, as a browser reads them, names of files."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{headers}\n{unquote(headers)}\n{body.decode('utf-8', 'replace')}"


@cache
def words_of_room(room: str) -> str:
    return "\n".join(path.read_text() for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


def words_of(view: Callable[..., Any]) -> str:
    """All that is written in the room of a view: what it reads from its address is named there."""
    return (
        words_of_room(view.__module__.partition(".")[0]) if (ROOT / view.__module__.partition(".")[0]).is_dir() else ""
    )


class TestEveryAddress:
    def test_has_examples(self, scene: Scene) -> None:
        """An address that this file does not know fails here: say what may stand in it."""
        assert all(addresses(name) for name, _view in routes())

    @pytest.mark.parametrize("name", PERSONAS)
    def test_answers_200_302_or_404_and_tells_nobody_what_is_not_theirs(self, scene: Scene, name: str) -> None:
        client, strange = browser(scene, name), scene.strange_to(name)
        assert strange
        faults = []
        for route, view in routes():
            for address in addresses(route) if has_page(view) else addresses(route)[:1]:
                answer = client.get(address)
                if answer.status_code not in ({200, 302, 404} if has_page(view) else {302, 404, 405}):
                    faults.append(f"{answer.status_code} {address}")
                said = everything_in(answer)
                faults += [f"{word.place} at {address}" for word in strange if word.text in said]

        assert faults == []

    @pytest.mark.parametrize("name", ["clerk", "chair", "ward_officer", "sys_admin"])
    def test_takes_any_garbage_behind_the_question_mark(self, scene: Scene, name: str) -> None:
        client = browser(scene, name)

        answers = {
            f"{route}?{key}": client.get(addresses(route)[0], {key: value}).status_code
            for route, view in routes()
            if has_page(view)
            for key, value in ODD.items()
            if f'"{key}"' in words_of(view)
        }

        assert {place: code for place, code in answers.items() if code not in {200, 302, 404}} == {}

    def test_asks_a_stranger_to_sign_in(self, scene: Scene) -> None:
        client = Client()
        answers = {route: client.get(addresses(route)[0]) for route, _view in routes()}
        open_to_all = {
            route
            for route, answer in answers.items()
            if answer.status_code != 302 or "login" not in answer.headers["Location"]
        }

        assert open_to_all - PUBLIC == {
            "account_login", "account_inactive", "account_signup", "account_email", "account_set_password",
            "account_reset_password", "ui:set-language",
        }  # fmt: skip


class TestWords:
    def test_are_met_by_those_they_are_for(self, scene: Scene) -> None:
        """A walk that sees nothing would prove nothing: each word of a paper's page is seen by its readers."""
        client = browser(scene, "chair")
        seen = ""
        for route, view in routes():
            if has_page(view):
                seen += "".join(everything_in(client.get(address)) for address in addresses(route))

        met = {word.place for word in scene.words if word.text in seen}
        theirs = {word.place for word in scene.words if "chair" in word.readers}
        assert len(met) > len(theirs) * 3 / 4, sorted(theirs - met)
        assert met <= theirs

    @pytest.mark.parametrize("name", PERSONAS)
    def test_find_nothing_for_a_stranger(self, scene: Scene, name: str) -> None:
        person = scene.person(name)

        found = {
            word.place: result.total
            for word in scene.strange_to(name)
            if (result := search_documents(query=word.text, user=person, at=clock.now())).total
        }

        assert found == {}

    def test_of_papers_are_found_by_their_readers(self, scene: Scene) -> None:
        wanted = {
            "text of a paper": "specialist",
            "text of a sent paper": "province_chair",
            "text of an upload": "province_clerk",
        }

        for place, name in wanted.items():
            (word,) = [word for word in scene.words if word.place == place]
            assert search_documents(query=word.text, user=scene.person(name), at=clock.now()).total == 1


class TestNotThere:
    ROUTES = (
        "desk:paper", "desk:preview", "desk:paper-text", "desk:paper-flow", "documents:confirm", "documents:correct",
        "workflow:draft-version", "meetings:room", "meetings:live", "exchange:tracker", "organizations:unit",
        "organizations:person", "organizations:post",
    )  # fmt: skip

    @pytest.mark.parametrize("route", ROUTES)
    def test_is_said_in_the_same_words_as_not_yours(self, scene: Scene, route: str) -> None:
        client = browser(scene, "neighbour")

        bodies = {
            re.sub(r"\b[A-Z0-9]{4}\b", "CODE", client.get(address).content.decode())
            for address in addresses(route)
            if client.get(address).status_code == 404
        }

        assert len(addresses(route)) > 2
        assert len(bodies) == 1

    def test_is_a_file_of_another_paper(self, scene: Scene) -> None:
        client = browser(scene, "province_clerk")
        own, other = scene.papers["upload"], scene.papers["inner"]
        file = other.files.get()

        codes = {
            client.get(reverse("documents:file", args=[pk, file.pk])).status_code for pk in (own.pk, other.pk, UNKNOWN)
        }

        assert codes == {404}
