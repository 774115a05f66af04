"""Elasticsearch stopped, slow, or with its index deleted: the office goes on, search says so, and it heals by itself."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import Actor, AuditEntry
from core import clock
from organizations.policies import reader_tokens
from search.backends import elastic, elastic_packing
from search.backends.base import BackendUnavailable, ReaderTokens, SearchRequest
from search.backends.elastic import ElasticBackend
from search.backends.place import Place
from search.engine import backend
from search.feed import index_batch, index_pending, rebuild
from search.parser import parse
from search.services import search_documents
from search.switching import switch_engine
from tests.elastic_fixtures import elastic_url, forget
from tests.factories.papers import chain_now, index_now, uploaded
from tests.processes import wait_for
from tests.slow_proxy import proxy_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.models import Document
    from search.services import SearchResults
    from tests.factories.offices import Office
    from tests.slow_proxy import Proxy

__all__ = ["elastic_url"]
ROBOT, MOST_SEGMENTS = Actor.system("search_index"), 2  # what was written after the merge is one of its own
TEXT = "CHỈ THỊ về đẩy mạnh xử lý văn bản"


@pytest.fixture
def way(elastic_url: str, settings: Any) -> Iterator[Proxy]:
    """The office's engine is Elasticsearch, behind a proxy."""
    prefix = f"test-{uuid.uuid4().hex[:12]}"
    with proxy_to(elastic_url) as proxy:
        settings.SEARCH_URL, settings.SEARCH_INDEX = [proxy.url], prefix
        yield proxy
    forget(ElasticBackend(Place((elastic_url,), prefix=prefix)))


def paper(office: Office, name: str = "giay.pdf") -> Document:
    return uploaded(TEXT, by=office.clerk, unit=office.top, name=name)


def results(office: Office, query: str = "xử lý văn bản") -> SearchResults:
    return search_documents(query=query, user=office.clerk, at=clock.now(), limit=100)


def is_found(office: Office, *papers: Document) -> bool:
    found = results(office)
    return not found.degraded and {hit.document_id for hit in found.hits} == {one.pk for one in papers}


class TestStopped:
    def test_writing_goes_on_search_lists_from_the_database_and_catches_up(self, office: Office, way: Proxy) -> None:
        first = paper(office)
        index_now()
        assert is_found(office, first)

        way.close()
        second = paper(office)
        chain_now()
        meanwhile = results(office, "")
        with pytest.raises(BackendUnavailable):
            index_batch(backend())
        way.open()

        assert (meanwhile.degraded, {hit.document_id for hit in meanwhile.hits}) == (True, {first.pk, second.pk})
        assert index_pending()
        assert is_found(office, first, second)
        assert len(backend().generations()) == 1


class TestSlow:
    def test_nobody_waits_for_it(self, office: Office, way: Proxy) -> None:
        first = paper(office)
        index_now()

        way.delay = 10.0
        meanwhile = results(office, "")
        way.delay = 0.0
        way.close()  # what is still on its way comes to nobody
        way.open()

        assert (meanwhile.degraded, [hit.document_id for hit in meanwhile.hits]) == (True, [first.pk])
        assert wait_for(lambda: is_found(office, first))

    def test_two_wait_and_not_all(self, office: Office, way: Proxy) -> None:
        first = paper(office)
        index_now()
        way.delay = 10.0
        assert results(office).degraded
        assert results(office).degraded

        way.delay = 0.0
        with pytest.raises(BackendUnavailable, match="a moment ago"):
            backend().served()

        assert wait_for(lambda: is_found(office, first))


class TestTotal:
    def test_is_a_floor_beyond_what_one_can_leaf_through(
        self, office: Office, way: Proxy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _time in range(5):
            paper(office)
        index_now()
        exact = results(office)
        monkeypatch.setattr(elastic, "DEEPEST", 2)

        floor = results(office)
        readers = ReaderTokens(reader_tokens(office.clerk, clock.now()))

        assert [(one.total, one.is_floor, len(one.hits)) for one in (exact, floor)] == [(5, False, 5), (2, True, 2)]
        assert backend().search(SearchRequest(parse(TEXT), limit=0), readers).total == 5


class TestHousekeeping:
    def test_lets_the_old_index_go(self, office: Office, way: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
        papers = [paper(office) for _time in range(2)]
        index_now()
        engine: Any = backend()
        rebuild(engine)
        assert index_pending()
        while index_batch(engine):
            pass
        kept = list(engine._indices())

        monkeypatch.setattr(elastic, "RETIRED_SECONDS", -1)
        engine.generations()
        (left,) = engine._indices().items()

        assert len(kept) == 2
        assert left == (kept[-1], {engine.place.prefix, f"{kept[-1]}-w"})
        assert is_found(office, *papers)

    def test_a_large_index_serves_once_it_is_packed(
        self, office: Office, way: Proxy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        papers = [paper(office) for _time in range(2)]
        monkeypatch.setattr(elastic_packing, "LEAST_BYTES", 0)
        engine: Any = backend()
        while index_batch(engine):
            pass
        (name,) = engine._indices()

        with pytest.raises(BackendUnavailable):
            engine.served()
        monkeypatch.setattr(elastic_packing, "LEASE_SECONDS", 0)  # the engine would renew it in half a minute
        assert index_pending()
        assert is_found(office, *papers)
        assert f"{name}-packed" in engine._indices()[name]
        assert engine.client(20).indices.stats(index=name)["_all"]["primaries"]["segments"]["count"] <= MOST_SEGMENTS


class TestDeleted:
    @pytest.mark.parametrize("what", ["index", "alias"])
    def test_the_index_is_made_anew(self, office: Office, way: Proxy, what: str) -> None:
        papers = [paper(office) for _time in range(3)]
        index_now()
        engine: Any = backend()
        client = engine.client(20)
        if what == "index":
            forget(engine)
        else:
            client.indices.delete_alias(index="*", name=engine.place.prefix)

        meanwhile = results(office, "")

        assert (meanwhile.degraded, meanwhile.total) == (True, 3)
        assert index_pending()
        assert is_found(office, *papers)

    def test_in_the_middle_of_writing_it_is_not_made_by_a_write(self, office: Office, way: Proxy) -> None:
        """The engine makes an index of its own for whoever writes into one that is gone, with fields as it guesses."""
        paper(office)
        index_now()
        engine: Any = backend()
        (generation,) = engine.generations()
        forget(engine)

        with pytest.raises(BackendUnavailable):
            generation.apply([], generation.checkpoint())

        assert engine.generations() == []


class TestSwitching:
    def test_there_and_back_loses_and_doubles_nothing(self, office: Office, way: Proxy, settings: Any) -> None:
        """Each engine goes on from where it was left; what happened meanwhile it reads from the chain."""
        papers = [paper(office)]
        there, urls = list(settings.SEARCH_URL), [[], list(settings.SEARCH_URL), [], list(settings.SEARCH_URL)]

        for url in urls:
            settings.SEARCH_URL = url
            papers.append(paper(office))
            index_now()

            assert backend().name == ("elastic" if url == there else "tantivy")
            assert is_found(office, *papers)
            assert results(office).total == len(papers)

    def test_is_one_act_in_a_running_office(self, office: Office, way: Proxy, settings: Any) -> None:
        there, settings.SEARCH_URL = tuple(settings.SEARCH_URL), []
        papers = [paper(office) for _time in range(3)]
        index_now()

        seen = []
        for urls in (there, (), there, ()):
            before = is_found(office, *papers)
            assert switch_engine(urls=urls, seconds=60, actor=ROBOT)
            seen.append((backend().name, before, is_found(office, *papers), results(office).total))
            papers.append(paper(office))
            index_now()

        assert seen == [
            ("elastic", True, True, 3), ("tantivy", True, True, 4), ("elastic", True, True, 5), ("tantivy", True, True, 6)
        ]  # fmt: skip
        assert is_found(office, *papers)

    def test_is_one_command(
        self, office: Office, way: Proxy, settings: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        there, settings.SEARCH_URL = settings.SEARCH_URL[0], []
        first = paper(office)
        index_now()

        said = []
        for to in (there, "embedded"):
            call_command("search_index", "switch", to=to, json=True)
            said.append(json.loads(capsys.readouterr().out))

            assert is_found(office, first)

        assert [(one["switched"], one["engine"]) for one in said] == [(True, "elastic"), (True, "tantivy")]
        kept = AuditEntry.objects.filter(act="search.index.switched").order_by("id")
        assert [entry.data for entry in kept] == [{"engine": "elastic"}, {"engine": "tantivy"}]
        with pytest.raises(CommandError, match="--to"):
            call_command("search_index", "switch", json=True)

    def test_to_a_cluster_that_does_not_answer_leaves_everything_as_it_is(
        self, office: Office, way: Proxy, settings: Any
    ) -> None:
        there, settings.SEARCH_URL = tuple(settings.SEARCH_URL), []
        first = paper(office)
        index_now()
        way.close()

        with pytest.raises(BackendUnavailable):
            switch_engine(urls=there, seconds=5, actor=ROBOT)
        way.open()

        assert (backend().name, is_found(office, first)) == ("tantivy", True)
