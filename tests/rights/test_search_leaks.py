"""
Nothing that search shows changes by papers that one may not see; and this test would notice if it did (reliability.md 3).

Between two looks others take papers in that hold the very words of the person's own, and withdraw some again. Hits by relevance
are compared as sets: both engines weigh words by all papers, the one accepted residue (search design, 2); all else is equal.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import tantivy
from django.db.models import Q

from core import clock
from documents import selectors
from documents.models import Document, Page
from documents.services.confirmation import withdraw_upload
from organizations.models import Role
from organizations.policies import forget_holdings
from organizations.services import actor_for
from search import alerts, engine, exports, fallback, offers, services, shape, whole
from search.alerts import follow, new_papers, news_of
from search.asked import Asked
from search.backends import embedded
from search.backends.base import FACETS, BackendUnavailable, ReaderTokens
from search.exports import begin_export, csv_lines
from search.facets import labelled
from search.models import SavedHit
from search.offers import rewrites, similar, suggested
from search.saved import save_search
from search.services import search_documents
from tests.factories.fixtures import office
from tests.factories.offices import Office, add_person
from tests.factories.organizations import make_unit
from tests.factories.papers import chain_now, confirmed, index_now, uploaded

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from organizations.models import Unit, User
    from search.backends.base import Sort

__all__ = ["office"]

WORDS = [
    "chăm", "lo", "tết", "sum", "vầy", "đoàn", "viên", "khó", "khăn", "quỹ", "tấm", "lòng", "vàng", "hội", "thi", "an", "toàn",
    "lao", "động",
]  # fmt: skip
RARE = ["phong", "lan", "hoàng", "oanh", "teets"]  # words of others alone
QUERIES = (
    "", "chăm lo tết", "cham lo", "tết OR quỹ", '"tấm lòng vàng"', "vàng -tết", "lao*", "05/CT-TLĐ", "05 ct tld", "số:05",
    "năm:2026 tết", "teets", "tấmm lòng", "phong lan", "hoàng oan", "laan", "ddoanf vieen", "xyz",
)  # fmt: skip
PREFIXES = ("ch", "cham lo t", "05", "ph", "hoang o", "tam long", "x")


def paper(by: User, unit: Unit, rng: random.Random, words: list[str], number: str) -> Document:
    """A paper of forty words."""
    text = " ".join(rng.choices(words, k=40))
    subject = " ".join(rng.sample(words, 4))
    document = uploaded(f"{text}. {subject}", by=by, unit=unit)
    day = date(2025, 1, 1) + timedelta(days=rng.randrange(600))
    return confirmed(document, by=by, number=number, subject=subject, issue_date=day)


@pytest.fixture
def watched(office: Office) -> Office:
    """A province with eight papers and a saved search; its neighbour, whose papers it does not see."""
    neighbour = make_unit("VH", name="LĐLĐ tỉnh Vĩnh Hải", parent=office.top)
    add_person(office, "neighbour", neighbour, "Văn thư", [Role.CLERK])
    rng = random.Random(5)  # noqa: S311  # the same words each time
    for number in range(4, 12):
        paper(office.province_clerk, office.province, rng, WORDS, f"{number:02}")
    index_now()
    asked = Asked(text="lan OR tết")
    save_search(
        asked=asked, name="Báo tin", is_alert=True, owner=office.province_clerk, at=clock.now(),
        actor=actor_for(office.province_clerk),
    )  # fmt: skip
    return office


def others_go_on(office: Office, seed: int) -> None:
    """Papers of others come, two of them go again; of one the index has not heard."""
    rng = random.Random(seed)  # noqa: S311  # the same words each time
    neighbour, unit = office.people["neighbour"], office.posts["neighbour"].unit
    for number in range(4, 10):
        paper(neighbour, unit, rng, [*WORDS, *RARE * 2], f"{number:02}")
    uploads = [uploaded(" ".join(rng.choices([*WORDS, *RARE], k=40)), by=neighbour, unit=unit) for _ in range(2)]
    index_now()
    for document in uploads:
        withdraw_upload(document=document, reason="Tải nhầm tệp", actor=actor_for(neighbour))
    chain_now()


def leaves(person: User, query: str, sort: Sort) -> list[str]:
    """The lines of an export."""
    export = begin_export(
        asked=Asked(text=query, sort=sort),
        kind="csv",
        person=person,
        at=clock.now(),
        actor=actor_for(person),
        address=str,
    )
    lines = list(csv_lines(export))
    return sorted(lines) if sort == "relevance" else lines


def looks(person: User) -> dict[str, Any]:
    """Every output of search for one person."""
    forget_holdings(person)
    now, seen = clock.now(), dict[str, Any]()
    chain_now()
    while follow(engine.backend()):
        pass
    seen["news"] = [(one.name, one.count) for one in news_of(person)]
    seen["new papers"] = [hit.document_id for hits in new_papers(person).values() for hit in hits]
    seen["exports"] = [leaves(person, query, sort) for query in ("", "lan OR tết") for sort in ("relevance", "date")]
    for query in QUERIES:
        found = search_documents(query=query, user=person, at=now, facets=FACETS, limit=3)
        everything = search_documents(query=query, user=person, at=now, limit=100)
        by_date = search_documents(query=query, user=person, at=now, sort="date", limit=100)
        seen[f"{query}: totals"] = (found.total, everything.total, by_date.total)
        seen[f"{query}: facets"] = labelled(found.facets)
        seen[f"{query}: hits"] = {(hit.document_id, hit.snippet) for hit in everything.hits}
        seen[f"{query}: by date"] = [(hit.document_id, hit.snippet) for hit in by_date.hits]
        seen[f"{query}: rewrites"] = rewrites(results=found, user=person, at=now)
    for prefix in PREFIXES:
        seen[f"{prefix}: completions"] = suggested(text=prefix, user=person, at=now)
    for document in Document.objects.visible_to(person).order_by("pk")[:3]:
        seen[f"like {document.pk}"] = alike(document, person, now)
    return seen


def alike(document: Document, person: User, now: datetime) -> list[tuple[int, float | None]] | None:
    """None where the page says that search is paused."""
    try:
        return [(hit.document_id, hit.score) for hit in similar(document=document, user=person, at=now, n=3)]
    except BackendUnavailable:
        return None


class TestNoninterference:
    @pytest.mark.parametrize("seed", [1, 2])
    def test_papers_of_others_change_nothing(self, watched: Office, seed: int) -> None:
        before = looks(watched.province_clerk)

        others_go_on(watched, seed)

        assert looks(watched.province_clerk) == before

    def test_nor_without_the_index(self, watched: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "backend", unavailable)
        before = looks(watched.province_clerk)

        others_go_on(watched, 3)

        assert looks(watched.province_clerk) == before
        assert before["tết OR quỹ: totals"] != (0, 0, 0)


def unavailable() -> Any:
    raise BackendUnavailable


def everybodys(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same with the tokens of everybody."""
    tokens = frozenset(
        f"unit:{unit}{kind}@{level}" for unit in range(1, 4000) for kind in ("", ":office") for level in range(2)
    )

    def leaking(self: Any, *args: Any, **facts: Any) -> Any:
        return function(
            self, *(ReaderTokens(tokens) if isinstance(arg, ReaderTokens) else arg for arg in args), **facts
        )

    return leaking


def in_engine(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    """One call of the engine forgets the searcher's rights."""

    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        kind = type(engine.backend())
        monkeypatch.setattr(kind, name, everybodys(getattr(kind, name)))

    return plant


def facets_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = embedded._facets

    def leaking(index: Any, request: Any, _readers: Any, _query: Any) -> Any:
        return counted(index, request, ReaderTokens(frozenset()), tantivy.Query.all_query())

    monkeypatch.setattr(embedded, "_facets", leaking)


def rights_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "rights_of", lambda _readers: shape.Between("newest", 0, None))


def no_second_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's answer is believed, and the engine knows no rights."""
    rights_dropped(monkeypatch)
    monkeypatch.setattr(services, "findable", lambda _user: Document.objects.system("a planted leak"))


def completions_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    in_engine("suggest")(monkeypatch)
    monkeypatch.setattr(offers, "findable", lambda _user: Document.objects.system("a planted leak"))


def database_unfiltered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the engine, the list comes from all papers."""
    monkeypatch.setattr(services, "backend", unavailable)
    matching = fallback.matching
    monkeypatch.setattr(
        services, "matching", lambda _rows, request: matching(Document.objects.system("a planted leak"), request)
    )


def in_snippets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hit shows words of whatever paper was read last."""
    pages = selectors.pages_by_document

    def leaking(ids: Any) -> Any:
        last = Page.objects.system("a planted leak").order_by("-pk")[:1]
        return {pk: [*last, *found] for pk, found in pages(ids).items()}

    monkeypatch.setattr(services, "pages_by_document", leaking)


def in_rewrites(monkeypatch: pytest.MonkeyPatch) -> None:
    total = offers._total
    monkeypatch.setattr(offers, "_total", everybodys(total))


def in_exports(monkeypatch: pytest.MonkeyPatch) -> None:
    in_engine("scroll")(monkeypatch)
    for module in (whole, exports):
        monkeypatch.setattr(module, "findable", lambda _user: Document.objects.system("a planted leak"))


def in_alerts(monkeypatch: pytest.MonkeyPatch) -> None:
    in_engine("search")(monkeypatch)
    monkeypatch.setattr(alerts, "checked", lambda ids, _user: ids)
    monkeypatch.setattr(SavedHit, "visible_filter", classmethod(lambda _cls, user: Q(saved__owner=user.pk)))


LEAKS = {
    "snippets": in_snippets,
    "other ways to ask": in_rewrites,
    "exports": in_exports,
    "alerts": in_alerts,
    "hits and totals of the engine": in_engine("search"),
    "hits with no second check": no_second_check,
    "rights missing in the shape": rights_dropped,
    "facets": facets_of_all,
    "completions": completions_unchecked,
    "words decoded by all papers": in_engine("known"),
    "pairs weighed by all papers": in_engine("counts"),
    "the database's list": database_unfiltered,
}


class TestPlantedLeak:
    @pytest.mark.parametrize("leak", LEAKS)
    def test_is_noticed(self, watched: Office, monkeypatch: pytest.MonkeyPatch, leak: str) -> None:
        LEAKS[leak](monkeypatch)
        before = looks(watched.province_clerk)

        others_go_on(watched, 1)

        assert looks(watched.province_clerk) != before
