"""Looking after the index: `manage.py search_index`, the operators' page, what the indexer is asked for."""

from __future__ import annotations

import io
import json
import os
import shutil
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from audit import feed
from audit.models import Actor, AuditEntry
from core import clock
from documents.models import Document, DocumentAccess, Page
from documents.services.confirmation import withdraw_upload
from organizations.models import Role
from organizations.policies import NotAllowed
from organizations.services import actor_for
from search import feed as filling
from search.engine import backend
from search.models import IndexRequest, Verification
from search.tasks import look_after_index
from search.upkeep import ask_for_purge, ask_for_rebuild, indexer_lives, open_rebuild, step
from search.verification import verify_index
from tests.factories.offices import Office, add_person, make_office
from tests.factories.organizations import fresh
from tests.factories.papers import chain_now, index_now, uploaded
from tests.processes import running, wait_for
from tests.search.conftest import put

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "CHỈ THỊ về đẩy mạnh xử lý văn bản trong toàn hệ thống công đoàn"
ROBOT = Actor.system("tests")


def asked(act: str, **options: Any) -> tuple[int, dict[str, Any]]:
    out, code = io.StringIO(), 0
    try:
        call_command("search_index", act, json=True, stdout=out, **options)
    except SystemExit as ended:
        code = int(ended.code or 0)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return code, answer


def lose_the_index() -> None:
    engine: Any = backend()
    shutil.rmtree(engine.root)


@pytest.fixture
def paper(office: Office) -> Document:
    document = uploaded(TEXT, by=office.clerk, unit=office.top)
    uploaded("Công điện về bão số ba", by=office.clerk, unit=office.top)
    index_now()
    return document


class TestStatus:
    def test_tells_what_serves_and_how_far(self, paper: Document) -> None:
        code, answer = asked("status")

        assert code == 0
        facts = {
            name: answer[name] for name in ("ok", "engine", "documents", "is_rebuilding", "lag", "indexer", "findings")
        }
        assert facts == {
            "ok": True, "engine": "tantivy", "documents": 2, "is_rebuilding": False, "lag": 0, "indexer": False, "findings": [],
        }  # fmt: skip
        assert answer["generation"].startswith("gen-")
        assert answer["size"] > 0
        assert answer["served"] == answer["head"] == feed.head()

    def test_counts_what_the_index_has_not_taken_in(self, office: Office, paper: Document) -> None:
        uploaded(TEXT, by=office.clerk, unit=office.top)
        chain_now()

        assert asked("status")[1]["lag"] == feed.head() - backend().served() > 0

    def test_of_an_index_that_cannot_be_read_is_a_failure(self, paper: Document) -> None:
        lose_the_index()

        code, answer = asked("status")

        assert (code, answer["ok"], answer["served"]) == (1, False, None)


class TestVerify:
    def test_finds_nothing_where_search_is_the_database_and_remembers(self, paper: Document) -> None:
        code, answer = asked("verify")

        assert (code, answer["ok"], answer["findings"]) == (0, True, [])
        assert (answer["checked"], answer["documents"]) == (paper.pk + 1, 2)
        kept = Verification.objects.get()
        assert (kept.checked, kept.findings, kept.generation) == (paper.pk + 1, [], answer["generation"])
        assert asked("status")[1]["verified_at"] == kept.at.isoformat()

    @pytest.mark.parametrize("fault", ["text", "readers", "state"])
    def test_names_the_paper_that_stands_otherwise_and_fails(self, paper: Document, fault: str) -> None:
        if fault == "text":
            Page.plain.filter(file__document=paper).update(text="kim cương")
        elif fault == "readers":
            DocumentAccess.objects.create(document=paper, token="user:999", cause="test")
        else:
            Document.plain.filter(pk=paper.pk).update(state="WITHDRAWN")

        code, answer = asked("verify")

        assert code == 1
        words = [finding["words"] for finding in answer["findings"]]
        assert f"Văn bản số {paper.pk} trong chỉ mục khác với trong cơ sở dữ liệu." in words
        assert ("Chỉ mục có 2 văn bản, cơ sở dữ liệu có 1." in words) is (fault == "state")
        assert asked("status")[1]["findings"] == words

    def test_asks_the_engine_for_papers_by_their_own_words(
        self, paper: Document, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Rot that leaves numbers and stored digests alone: the engine does not answer for what it holds."""
        engine: Any = backend()
        real = type(engine).search
        monkeypatch.setattr(type(engine), "search", lambda *args: real(*args).__class__())

        findings = verify_index().findings

        assert {finding["kind"] for finding in findings} == {"canary"}
        assert paper.pk in {finding["document"] for finding in findings}

    def test_says_that_the_index_cannot_be_read(self, paper: Document, monkeypatch: pytest.MonkeyPatch) -> None:
        from search import upkeep, verification

        monkeypatch.setattr(upkeep, "index_pending", lambda _seconds: True)
        monkeypatch.setattr(verification, "LOOKS", 1)
        lose_the_index()

        code, answer = asked("verify")

        assert code == 1
        assert [finding["words"] for finding in answer["findings"]] == ["Không đọc được chỉ mục. Cần lập lại chỉ mục."]

    def test_looks_at_a_share_where_papers_are_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from search import verification

        sample = verification._sample(1_000_000)

        assert len(sample) == len(set(sample)) == 10_000
        assert sample[0] >= 1
        assert sample[-1] <= 1_000_000
        assert verification._sample(37) == list(range(1, 38))

    def test_forgets_old_results(self, paper: Document, monkeypatch: pytest.MonkeyPatch) -> None:
        from search import verification

        monkeypatch.setattr(verification, "KEPT", 2)
        rows = [verify_index().pk for _ in range(4)]

        assert list(Verification.objects.order_by("id").values_list("pk", flat=True)) == rows[-2:]


class TestRebuild:
    def test_makes_a_new_generation_and_waits_for_it(self, paper: Document) -> None:
        before = asked("status")[1]

        code, answer = asked("rebuild")

        assert (code, answer["rebuilt"], answer["documents"], answer["is_rebuilding"]) == (0, True, 2, False)
        assert answer["generation"] > before["generation"]
        request = IndexRequest.objects.get()
        assert request.finished_at is not None
        assert AuditEntry.objects.filter(act="search.index.rebuild_asked").count() == 1

    def test_mends_what_verification_found(self, paper: Document) -> None:
        put(backend(), [], feed.head())
        Page.plain.filter(file__document=paper).update(text="kim cương")
        assert asked("verify")[0] == 1

        asked("rebuild")

        assert asked("verify")[0] == 0

    def test_of_a_lost_index_is_not_finished_before_something_serves(
        self, paper: Document, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(filling, "FILLED_AT_ONCE", 1)
        lose_the_index()
        ask_for_rebuild(actor=ROBOT)
        chain_now()

        assert step(backend())
        assert open_rebuild() is not None

        while step(backend()):
            pass
        assert open_rebuild() is None

    def test_gives_up_in_time(self, paper: Document) -> None:
        code, answer = asked("rebuild", seconds=0)

        assert (code, answer["ok"], answer["rebuilt"], answer["is_rebuilding"]) == (1, False, False, True)

    def test_asked_for_twice_is_one(self, paper: Document) -> None:
        first, second = ask_for_rebuild(actor=ROBOT), ask_for_rebuild(actor=ROBOT)

        assert first == second
        assert AuditEntry.objects.filter(act="search.index.rebuild_asked").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("workers")
class TestRunningIndexer:
    def test_is_asked_and_does_it(self, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path / "files"
        office = make_office()
        uploaded(TEXT, by=office.clerk, unit=office.top)
        with running(["manage.py", "search_indexer"], SEARCH_ROOT=str(settings.SEARCH_ROOT)):
            wait_for(lambda: asked("status")[1]["lag"] == 0 and asked("status")[1]["indexer"])
            before = asked("status")[1]["generation"]

            code, answer = asked("rebuild", seconds=60)

            assert (code, answer["documents"], answer["indexer"]) == (0, 1, True)
            assert answer["generation"] > before
        wait_for(lambda: not asked("status")[1]["indexer"])

    def test_counts_as_running_while_it_waits_for_the_engine(self, settings: Any) -> None:
        make_office()
        folders = {"SEARCH_ROOT": str(settings.SEARCH_ROOT), "SEARCH_URL": "http://127.0.0.1:9"}  # nobody is there
        with running(["manage.py", "search_indexer"], **folders):
            wait_for(indexer_lives)

            seen = []
            for _look in range(25):
                seen.append(indexer_lives())
                time.sleep(0.1)

        assert all(seen)


class TestPurge:
    def test_forgets_deletions_of_last_week_and_no_newer_ones(self, office: Office, paper: Document) -> None:
        engine: Any = backend()
        old = uploaded(TEXT, by=office.clerk, unit=office.top)
        withdraw_upload(document=old, reason="Tải nhầm tệp", actor=actor_for(office.clerk))
        index_now()
        until = feed.head()
        with time_machine.travel(clock.now() + timedelta(days=8)):
            withdraw_upload(document=paper, reason="Tải nhầm tệp", actor=actor_for(fresh(office.clerk)))
            index_now()
            assert feed.number_at(clock.now() - timedelta(days=7)) == until

            ask_for_purge()
            step(engine)

        assert IndexRequest.objects.get().finished_at is not None
        assert engine.generations()[-1].purge(feed.head() + 1) == 1  # the newer one was still there

    def test_is_asked_for_nightly_after_a_verification(self, paper: Document) -> None:
        look_after_index(timestamp=0)
        look_after_index(timestamp=0)

        assert Verification.objects.count() == 2
        assert [request.kind for request in IndexRequest.objects.all()] == ["PURGE"]


class TestPage:
    @pytest.fixture
    def operator(self, office: Office) -> Client:
        add_person(office, "operator", office.top, "Quản trị hệ thống", [Role.SYS_ADMIN])
        client = Client()
        client.force_login(office.operator)
        return client

    @pytest.mark.parametrize("name", ["clerk", "chair", "unit_admin", "outsider"])
    def test_is_not_there_for_others(self, office: Office, name: str) -> None:
        add_person(office, "unit_admin", office.top, "Quản trị đơn vị", [Role.UNIT_ADMIN])
        client = Client()
        client.force_login(office.people[name])

        assert client.get(reverse("search:health")).status_code == 404
        assert client.post(reverse("search:rebuild")).status_code == 404
        assert reverse("search:health") not in client.get(reverse("desk:inbox")).content.decode()
        assert not IndexRequest.objects.exists()
        with pytest.raises(NotAllowed):
            ask_for_rebuild(actor=actor_for(office.people[name]))

    def test_shows_what_serves_and_the_last_verification(self, operator: Client, paper: Document) -> None:
        before = operator.get(reverse("search:health")).content.decode()
        verify_index()
        after = operator.get(reverse("search:health")).content.decode()

        assert "Chỉ mục chưa được đối chiếu lần nào" in before
        assert "Không có tiến trình lập chỉ mục nào đang chạy" in before
        assert "Tra cứu tìm đúng những gì cơ sở dữ liệu có." in after
        assert "cách đây chưa đến một giờ" in after
        Verification.objects.update(at=clock.now() - timedelta(hours=30, minutes=5))
        assert "cách đây 30 giờ" in operator.get(reverse("search:health")).content.decode()
        assert backend().health().generation in after
        assert reverse("search:health") in operator.get(reverse("desk:inbox")).content.decode()

    def test_lists_findings_in_words(self, operator: Client, paper: Document) -> None:
        Document.plain.filter(pk=paper.pk).update(state="WITHDRAWN")
        verify_index()

        html = operator.get(reverse("search:health")).content.decode()

        assert f"Văn bản số {paper.pk} trong chỉ mục khác với trong cơ sở dữ liệu." in html

    def test_says_that_search_is_degraded(self, operator: Client, paper: Document) -> None:
        lose_the_index()

        html = operator.get(reverse("search:health")).content.decode()

        assert "Không đọc được chỉ mục" in html

    def test_says_so_too_where_its_files_cannot_be_written(self, operator: Client, paper: Document) -> None:
        engine: Any = backend()
        for meta in engine.root.glob("gen-*/meta.json"):
            lock = meta.with_name(".tantivy-meta.lock")
            lock.unlink(missing_ok=True)
            lock.mkdir()
            os.utime(meta)

        answer = operator.get(reverse("search:health"))

        assert "Không đọc được chỉ mục" in answer.content.decode()

    def test_has_a_button_that_asks_for_a_new_index(self, operator: Client, office: Office, paper: Document) -> None:
        answer = operator.post(reverse("search:rebuild"), follow=True)

        assert "Chỉ mục đang được lập lại" in answer.content.decode()
        asked_for = open_rebuild()
        assert asked_for is not None
        assert asked_for.asked_by == office.operator
        chain_now()
        step(backend())
        assert open_rebuild() is None
