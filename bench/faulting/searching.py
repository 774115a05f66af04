"""
The indexer dies: `bin/bench faults` kills it again and again while papers come, change and go and while indices are made anew.

Somebody searches all the time. In the end what search has is held against the database, paper by paper.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.test import override_settings

from audit import feed
from audit.models import Actor
from audit.services import record
from core import ids
from documents.models import DocumentAccess, Page
from documents.selectors import newest_id
from documents.services.access import grant
from documents.services.confirmation import withdraw_upload
from organizations.services import actor_for
from search.backends.base import BackendUnavailable, Checkpoint, Op, ReaderTokens, SearchRequest, WriterBusy
from search.backends.prepared import digest_of
from search.engine import backend, chosen, open_engine, place_of
from search.feed import fields_by_document, rebuild
from search.parser import parse
from tests.factories.papers import uploaded
from tests.processes import running, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from documents.models import Document
    from search.backends.base import SearchBackend
    from tests.factories.offices import Office

INDEXER = ["manage.py", "search_indexer"]
TEXT = "CHỈ THỊ về đẩy mạnh xử lý văn bản"
QUERY = "xử lý văn bản"
FIRST_PAPERS, LATEST, PAUSE = 40, 0.8, 0.02
CURRENT_SECONDS = 180


@dataclass
class SearchReport:
    """What was lost: papers that search lacks, has otherwise than they are, twice, or although they are gone."""

    engine: str
    seed: int
    kills: int = 0
    rebuilds: int = 0
    papers: int = 0
    gone: int = 0
    lost: int = 0
    stale: int = 0
    doubled: int = 0
    resurrected: int = 0
    reads: int = 0
    empty_reads: int = 0
    failed_reads: int = 0
    seconds: int = 0
    complaints: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        faults = (self.lost, self.stale, self.doubled, self.resurrected, self.empty_reads, self.failed_reads)
        return not any(faults) and not self.complaints


class Reader(threading.Thread):
    """Somebody who searches all the time, with an engine of their own."""

    def __init__(self, engine: SearchBackend, readers: ReaderTokens) -> None:
        super().__init__(daemon=True)
        self._engine, self._readers, self._stopping = engine, readers, threading.Event()
        self.reads, self.empty, self.failed = 0, 0, list[str]()

    def run(self) -> None:
        request = SearchRequest(parse(QUERY))
        while not self._stopping.is_set():
            try:
                self.empty += not self._engine.search(request, self._readers).hits
            except BackendUnavailable as error:
                self.failed.append(str(error)[:200])
            self.reads += 1
            time.sleep(PAUSE)

    def stop(self) -> None:
        self._stopping.set()
        self.join()


@contextmanager
def engine_at(name: str, folder: Path, url: str) -> Iterator[dict[str, str]]:
    """This process's engine, and the environment in which other processes have the same."""
    place: dict[str, Any] = {"SEARCH_ROOT": folder / "search", "SEARCH_URL": [url] if name == "elastic" else []}
    place["SEARCH_INDEX"] = f"faults-{folder.name.lower()}".replace("_", "-").replace(".", "-")
    with override_settings(MEDIA_ROOT=folder / "files", **place):
        yield {"SEARCH_ROOT": str(folder / "search"), "SEARCH_URL": ",".join(place["SEARCH_URL"]),
               "SEARCH_INDEX": place["SEARCH_INDEX"], "MEDIA_ROOT": str(settings.MEDIA_ROOT)}  # fmt: skip


def kill_indexers(*, office: Office, name: str, folder: Path, url: str, kills: int, seed: int) -> SearchReport:
    """Kill `kills` indexers of an office, one after the other, each in the middle of its work, and report."""
    begun, rng = time.monotonic(), random.Random(seed)  # noqa: S311  # a plan, no secret
    report = SearchReport(name, seed)
    with engine_at(name, folder, url) as env:
        work = Work(office, rng)
        for _paper in range(FIRST_PAPERS):
            work.add()
        with running(INDEXER, **env):
            wait_for(_is_current, CURRENT_SECONDS)
        reader = _reader(office)
        reader.start()
        for number in range(kills):
            _round(number, work, rng, env, report)
        with running(INDEXER, **env):
            wait_for(_is_current, CURRENT_SECONDS)
        reader.stop()
        report.reads, report.empty_reads, report.failed_reads = reader.reads, reader.empty, len(reader.failed)
        report.complaints += reader.failed[:3]
        judge(report, work)
    report.seconds = round(time.monotonic() - begun)
    return report


def _reader(office: Office) -> Reader:
    return Reader(open_engine(place_of(chosen())), ReaderTokens(_all_tokens()))


def _round(number: int, work: Work, rng: random.Random, env: dict[str, str], report: SearchReport) -> None:
    """An indexer that is awake, work for it, in every second round an index to be made anew, and its end."""
    with running(INDEXER, **env) as indexer:
        work.add()
        wait_for(_has_followed, CURRENT_SECONDS)
        if number % 2:
            with suppress(WriterBusy, BackendUnavailable):  # the indexer has it already, or makes another one
                rebuild(backend())
            report.rebuilds += 1
        late = time.monotonic() + rng.uniform(0, LATEST)
        while time.monotonic() < late:
            work.act()
        indexer.send_signal(signal.SIGKILL)
        indexer.wait()
        report.kills += 1
        work.act()


class Work:
    """What an office does to its papers, each act in a transaction of its own."""

    def __init__(self, office: Office, rng: random.Random) -> None:
        self._office, self._rng = office, rng
        self.papers: list[Document] = []
        self.gone: list[Document] = []

    def act(self) -> None:
        self._rng.choice((self.add, self.change, self.change, self.let_in, self.withdraw))()

    def add(self) -> None:
        with transaction.atomic():
            text = f"{TEXT} số {len(self.papers)}"
            self.papers.append(uploaded(text, by=self._office.clerk, unit=self._office.top))

    def change(self) -> None:
        paper = self._rng.choice(self.papers)
        with transaction.atomic():
            Page.plain.filter(file__document=paper).update(text=f"{TEXT} lần {self._rng.random()}")
            record("documents.test.changed", target=paper, actor=Actor.system("bench"))

    def let_in(self) -> None:
        paper = self._rng.choice(self.papers)
        with transaction.atomic():
            grant(document=paper, token=ids.user_key(self._rng.randrange(1, 9)), cause="test")
            record("documents.test.changed", target=paper, actor=Actor.system("bench"))

    def withdraw(self) -> None:
        paper = self.papers.pop(self._rng.randrange(len(self.papers)))
        paper.refresh_from_db()
        withdraw_upload(document=paper, reason="Tải nhầm tệp", actor=actor_for(self._office.clerk))
        self.gone.append(paper)


def judge(report: SearchReport, work: Work) -> None:
    """Hold what search has against the database; then operations come that are long out of date."""
    report.papers, report.gone = len(work.papers), len(work.gone)
    last = newest_id()
    present = {pk: digest_of(fields) for pk, fields in fields_by_document(range(1, last + 1)).items()}
    kept = backend().digests(1, last)
    report.lost = len(present.keys() - kept.keys())
    report.stale = sum(kept[pk] != digest for pk, digest in present.items() if pk in kept)
    everything = list(backend().scroll(SearchRequest(parse("")), ReaderTokens(_all_tokens())))
    report.doubled = len(everything) - len(set(everything))
    fields = next(iter(fields_by_document([work.papers[0].pk]).values()))
    late = [Op(paper.pk, 1, fields) for paper in (*work.gone, *work.papers)]
    for generation in backend().generations():
        generation.apply(late, Checkpoint())
    backend().refresh()
    after = backend().digests(1, last)
    report.resurrected = len(after.keys() - present.keys())
    report.stale += sum(after.get(pk) != kept.get(pk) for pk in present)


def _all_tokens() -> frozenset[str]:
    return frozenset(DocumentAccess.objects.values_list("token", flat=True))


def _has_followed() -> bool:
    try:
        return max(one.checkpoint().upto for one in backend().generations()) >= feed.head()
    except BackendUnavailable:
        return False


def _is_current() -> bool:
    try:
        return backend().served() == feed.head() and not backend().health().is_rebuilding
    except BackendUnavailable:
        return False
