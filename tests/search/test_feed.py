"""The index follows the audit chain, and nothing else: killed and resumed, made anew, it comes to the same."""

from __future__ import annotations

import signal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from audit import feed
from audit.models import Actor
from audit.services import record
from core import clock, ids
from documents.models import Document, DocumentAccess, Page
from documents.services.access import grant, revoke
from documents.services.confirmation import withdraw_upload
from organizations.services import actor_for
from search import feed as search_feed
from search.backends.base import Op
from search.engine import backend
from search.feed import index_batch, index_pending
from search.services import search_documents
from tests.factories.offices import Office, make_office
from tests.factories.papers import chain_now, confirmed, index_now, uploaded
from tests.processes import running, wait_for
from tests.search.conftest import put, reached

if TYPE_CHECKING:
    from pathlib import Path

    from organizations.models import User

TEXT = "CHỈ THỊ về đẩy mạnh xử lý văn bản"
INDEXER = ["manage.py", "search_indexer"]


def hits(person: User, query: str = "xử lý văn bản") -> set[int]:
    result = search_documents(query=query, user=person, at=clock.now(), limit=100)
    assert not result.degraded
    assert result.total == len(result.hits)
    return {hit.document_id for hit in result.hits}


def say(document: Document, act: str = "documents.test.changed") -> None:
    record(act, target=document, actor=Actor.system("tests"))


class TestFeed:
    def test_an_act_on_a_paper_brings_its_present_state_in(self, office: Office) -> None:
        document = uploaded(TEXT, by=office.clerk, unit=office.top)
        confirmed(document, by=office.clerk, subject="về kim cương")
        index_now()

        assert hits(office.clerk) == hits(office.clerk, "kim cương") == {document.pk}

    def test_what_no_act_tells_of_is_not_seen(self, office: Office) -> None:
        """The chain is the only source: a change without its entry is a fault, and verification finds it."""
        document = uploaded(TEXT, by=office.clerk, unit=office.top)
        index_now()
        Page.plain.filter(file__document=document).update(text="kim cương")
        index_now()
        assert hits(office.clerk, "kim cương") == set()

        say(document)
        index_now()
        assert hits(office.clerk, "kim cương") == {document.pk}

    def test_a_paper_that_an_act_only_touches_is_brought_in_too(self, office: Office) -> None:
        first, second = (uploaded(TEXT, by=office.clerk, unit=office.top) for _ in range(2))
        index_now()
        grant(document=second, token=ids.user_key(office.outsider.pk), cause="test")
        record("documents.test.touched", target=first, touches=[second], actor=Actor.system("tests"))
        index_now()

        assert hits(office.outsider) == {second.pk}

    def test_what_may_not_be_found_any_more_is_forgotten(self, office: Office) -> None:
        document = uploaded(TEXT, by=office.clerk, unit=office.top)
        index_now()
        withdraw_upload(document=document, reason="Tải nhầm tệp", actor=actor_for(office.clerk))
        index_now()

        assert hits(office.clerk) == set()
        assert backend().digests(document.pk, document.pk) == {}

    def test_an_act_that_is_rolled_back_leaves_nothing(self, office: Office) -> None:
        with transaction.atomic():
            uploaded(TEXT, by=office.clerk, unit=office.top)
            chain_now()
            transaction.set_rollback(True)
        index_now()

        assert hits(office.clerk) == set()

    def test_goes_on_in_batches_and_ends_at_the_head(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(search_feed, "BATCH", 3)
        monkeypatch.setattr(search_feed, "PORTION", 1)
        wanted = {uploaded(TEXT, by=office.clerk, unit=office.top).pk for _ in range(4)}
        index_now()

        assert hits(office.clerk) == wanted
        assert backend().served() == reached(backend()) == feed.head()
        assert index_batch(backend()) == 0


class TestAnew:
    def test_a_lost_index_is_filled_again(self, office: Office) -> None:
        document = uploaded(TEXT, by=office.clerk, unit=office.top)
        index_now()
        engine: Any = backend()
        for folder in engine.root.glob("gen-*"):
            for path in folder.iterdir():
                path.write_bytes(b"?")

        degraded = search_documents(query="xử lý", user=office.clerk, at=clock.now()).degraded
        assert index_pending()

        assert degraded
        assert hits(office.clerk) == {document.pk}

    def test_an_index_of_another_database_is_not_believed(self, office: Office) -> None:
        """After a restore the chain is shorter than what the index has followed: its papers are not ours."""
        document = uploaded(TEXT, by=office.clerk, unit=office.top)
        index_now()
        engine: Any = backend()
        stranger = search_feed.fields_by_document([document.pk])[document.pk] | {"body": "kim cương"}
        put(engine, [Op(document.pk, 10**6, stranger)], 10**6)

        assert index_pending()

        assert hits(office.clerk) == {document.pk}
        assert hits(office.clerk, "kim cương") == set()


class TestRebuild:
    def test_fills_from_the_database_while_the_old_index_serves_and_follows(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search_feed, "BATCH", 2)
        monkeypatch.setattr(search_feed, "FILLED_AT_ONCE", 2)
        first = {uploaded(TEXT, by=office.clerk, unit=office.top).pk for _ in range(5)}
        index_now()
        old = backend().health().generation

        search_feed.rebuild(backend())
        index_batch(backend())
        later = uploaded(TEXT, by=office.clerk, unit=office.top).pk
        chain_now()
        index_batch(backend())
        meanwhile = (hits(office.clerk), backend().health().generation, backend().health().is_rebuilding)
        while index_batch(backend()):
            pass

        assert meanwhile == (first | {later}, old, True)
        assert hits(office.clerk) == first | {later}
        assert backend().health().generation != old
        assert (backend().health().documents, backend().health().is_rebuilding) == (6, False)
        assert backend().served() == feed.head()

    def test_forgets_what_was_withdrawn_meanwhile(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(search_feed, "BATCH", 2)
        monkeypatch.setattr(search_feed, "FILLED_AT_ONCE", 2)
        papers = [uploaded(TEXT, by=office.clerk, unit=office.top) for _ in range(5)]
        index_now()

        search_feed.rebuild(backend())
        index_batch(backend())
        for paper in (papers[0], papers[4]):
            withdraw_upload(document=paper, reason="Tải nhầm tệp", actor=actor_for(office.clerk))
        chain_now()
        assert index_pending()
        while index_batch(backend()):
            pass

        assert hits(office.clerk) == {paper.pk for paper in papers[1:4]}
        assert set(backend().digests(1, papers[4].pk)) == {paper.pk for paper in papers[1:4]}


def make_papers(office: Office, count: int) -> set[int]:
    made = set()
    for _ in range(count):
        with transaction.atomic():
            made.add(uploaded(TEXT, by=office.clerk, unit=office.top).pk)
    return made


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("workers")
class TestIndexer:
    @pytest.fixture
    def ground(self, settings: Any, tmp_path: Path) -> Office:
        settings.MEDIA_ROOT = tmp_path / "files"
        return make_office()

    def has_reached(self, place: float) -> bool:
        return any(generation.checkpoint().upto >= place for generation in backend().generations())

    def test_killed_at_any_moment_it_goes_on_by_itself(self, ground: Office, settings: Any) -> None:
        wanted: set[int] = set()
        for moment in (0.0, 0.5):
            wanted |= make_papers(ground, 3)
            with running(INDEXER, SEARCH_ROOT=str(settings.SEARCH_ROOT)) as indexer:
                wanted_place = moment * feed.head()
                wait_for(partial(self.has_reached, wanted_place))
                indexer.send_signal(signal.SIGKILL)
                indexer.wait()

        with running(INDEXER, SEARCH_ROOT=str(settings.SEARCH_ROOT)):
            wait_for(lambda: search_feed._serves(backend(), feed.head()))

        assert hits(ground.clerk) == wanted

    def test_outlives_its_database_connection_and_stops_when_asked(self, ground: Office, settings: Any) -> None:
        with running(INDEXER, SEARCH_ROOT=str(settings.SEARCH_ROOT)) as indexer:
            first = make_papers(ground, 1)
            wait_for(lambda: search_feed._serves(backend(), feed.head()))
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid()"
                )
            second = make_papers(ground, 1)
            wait_for(lambda: search_feed._serves(backend(), feed.head()))

            assert hits(ground.clerk) == first | second
            assert indexer.poll() is None
            indexer.send_signal(signal.SIGTERM)
            assert indexer.wait(30) == 0


class TestVerify:
    def violations(self) -> list[str]:
        from search.checks import index_is_current

        return index_is_current().violations

    def test_finds_nothing_when_search_is_the_database(self, office: Office) -> None:
        for _ in range(3):
            uploaded(TEXT, by=office.clerk, unit=office.top)
        chain_now()

        assert self.violations() == []

    @pytest.mark.parametrize("fault", ["text", "grant", "withdrawn right", "state", "lost"])
    def test_finds_what_search_has_otherwise(self, office: Office, fault: str) -> None:
        document = uploaded(TEXT, by=office.clerk, unit=office.top)
        uploaded(TEXT, by=office.clerk, unit=office.top)
        grant(document=document, token=ids.user_key(office.outsider.pk), cause="test")
        say(document)
        index_now()
        engine: Any = backend()

        if fault == "text":
            Page.plain.filter(file__document=document).update(text="kim cương")
        elif fault == "grant":
            DocumentAccess.objects.create(document=document, token="user:999", cause="test")
        elif fault == "withdrawn right":
            revoke(document=document, cause="test")
        elif fault == "state":
            Document.plain.filter(pk=document.pk).update(state="WITHDRAWN")
        else:
            put(engine, [Op(document.pk, feed.head(), None)], feed.head())

        assert self.violations() == [f"document {document.pk} is found otherwise than it is"]

    def test_is_what_the_command_reports(self, office: Office, capsys: pytest.CaptureFixture[str]) -> None:
        uploaded(TEXT, by=office.clerk, unit=office.top)
        chain_now()

        call_command("verify", json=True)

        assert '"id": "I7", "ok": true' in capsys.readouterr().out
