"""The clerk's queue: what stands in it, at which stage, for how long still, and how a reading is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from demo.scans.bad import text_pages
from documents.models import Document, Page, ReadState, Validity
from documents.queue import progress_of, queue_of, seconds_per_page, stage_counts, waiting_rows
from documents.services import reading
from documents.services.reading import NothingToStop, ReadingStopped, _Progress, read_again, read_document, stop_reading
from documents.services.uploads import receive_upload
from documents.words import age_words, left_words
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office, confirmed_paper, registered_case
from tests.factories.papers import uploaded

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

MOST_QUERIES = 18
ADDRESS = "documents:reading-queue"


def at(document: Document, state: ReadState, **facts: Any) -> Document:
    Document.plain.filter(pk=document.pk).update(read_state=state, **facts)
    document.refresh_from_db()
    return document


def waiting(office: Office, state: ReadState = ReadState.QUEUED, **facts: Any) -> Document:
    return at(uploaded(by=office.clerk, unit=office.top), state, **facts)


class TestStages:
    def test_each_upload_stands_at_one(self, office: Office) -> None:
        waiting(office)
        waiting(office, ReadState.READING)
        waiting(office, ReadState.FAILED, read_reason="broken")
        waiting(office, ReadState.PARTIAL, read_reason="too_slow")
        waiting(office, ReadState.READ)
        confirmed_paper(office)
        registered_case(office, number="9")

        counts = stage_counts(office.top, office.clerk)

        assert counts == {"reading": 2, "failed": 2, "confirm": 1, "register": 1}
        for stage, count in counts.items():
            rows = waiting_rows(queue_of(office.top, office.clerk, stage), None)
            assert [row.stage for row in rows] == [stage] * count

    def test_are_those_of_papers_that_the_person_may_see(self, office: Office) -> None:
        waiting(office)

        assert sum(stage_counts(office.top, office.province_clerk).values()) == 0
        assert not queue_of(office.top, office.province_clerk, "").exists()


class TestTimeLeft:
    def test_is_measured_on_papers_that_were_read_lately(self, office: Office) -> None:
        for pages, seconds in ((10, 20.0), (5, 10.0)):
            waiting(office, ReadState.READ, pages_done=pages, pages_total=pages, read_seconds=seconds)
        waiting(office, ReadState.READING, pages_done=20, pages_total=50)
        waiting(office)

        pace = seconds_per_page(office.clerk)

        assert pace == 2.0
        progress = progress_of(office.top, office.clerk, pace)
        assert progress is not None
        assert (progress.papers, progress.done, progress.total) == (2, 20, 51)
        assert progress.left == "còn khoảng 1 phút"
        reading, queued = waiting_rows(queue_of(office.top, office.clerk, "reading").order_by("id"), pace)
        assert (reading.left, queued.left) == ("còn khoảng 1 phút", "")

    def test_is_not_guessed_before_anything_was_measured(self, office: Office) -> None:
        waiting(office, ReadState.READING, pages_done=1, pages_total=9)

        progress = progress_of(office.top, office.clerk, seconds_per_page(office.clerk))

        assert progress is not None
        assert progress.left == ""

    def test_counts_two_papers_of_one_size_twice(self, office: Office) -> None:
        for _ in range(2):
            waiting(office, ReadState.READING, pages_done=1, pages_total=4)

        progress = progress_of(office.top, office.clerk, None)

        assert progress is not None
        assert (progress.done, progress.total) == (2, 8)

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(0, "5 giây"), (33, "35 giây"), (57, "55 giây"), (59, "1 phút"), (150, "2 phút"), (5400, "2 giờ")],
    )
    def test_is_told_in_round_words(self, seconds: float, words: str) -> None:
        assert left_words(seconds) == f"còn khoảng {words}"


class TestAge:
    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(30, "vừa xong"), (65, "1 phút"), (89 * 60, "89 phút"), (5 * 3600, "5 giờ"), (3 * 86_400, "3 ngày")],
    )
    def test_is_told_in_its_largest_unit(self, seconds: float, words: str) -> None:
        assert age_words(seconds) == words


class TestStopReading:
    def test_ends_a_reading_that_waits(self, office: Office) -> None:
        document = waiting(office)

        stop_reading(document=document, actor=actor_for(office.clerk))
        read_document(document_id=document.pk)

        document.refresh_from_db()
        assert (document.read_state, document.read_reason) == (ReadState.FAILED, "stopped")
        assert AuditEntry.objects.filter(act="documents.document.reading_stopped").count() == 1

    def test_holds_where_the_reader_was_just_about_to_begin(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document = waiting(office)
        newest = reading.newest_file

        def meanwhile(document: Document) -> Any:
            stop_reading(document=document, actor=actor_for(office.clerk))
            return newest(document)

        monkeypatch.setattr(reading, "newest_file", meanwhile)
        read_document(document_id=document.pk)

        document.refresh_from_db()
        assert (document.read_state, document.read_reason) == (ReadState.FAILED, "stopped")

    def test_ends_a_reading_that_is_under_way(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        """Stopped at the reader's first look after the first page: real pages, the real reader."""
        (tmp_path / "dài.pdf").write_bytes(text_pages(30))
        with (tmp_path / "dài.pdf").open("rb") as stream:
            document = receive_upload(
                stream=stream, name="dài.pdf", unit=office.top, actor=actor_for(office.clerk), secrecy="none"
            ).document
        look = _Progress.__call__

        def stopped_at_once(watch: _Progress, done: int, total: int) -> None:
            Document.plain.filter(pk=document.pk).update(read_state=ReadState.FAILED, read_reason="stopped")
            look(watch, done, total)

        monkeypatch.setattr(_Progress, "__call__", stopped_at_once)
        read_document(document_id=document.pk)

        document.refresh_from_db()
        assert (document.read_state, document.read_reason) == (ReadState.FAILED, "stopped")
        assert not Page.plain.exists()

    def test_is_noticed_though_no_page_was_finished_meanwhile(self, office: Office) -> None:
        document = waiting(office, ReadState.READING)
        watch = _Progress(document, most_pages=None)
        watch(0, 9)
        stop_reading(document=document, actor=actor_for(office.clerk))
        watch._next = 0.0

        with pytest.raises(ReadingStopped):
            watch(0, 9)

    def test_can_be_read_again(self, office: Office) -> None:
        document = waiting(office)
        stop_reading(document=document, actor=actor_for(office.clerk))

        read_again(document=document, actor=actor_for(office.clerk))

        document.refresh_from_db()
        assert document.read_state == ReadState.QUEUED

    @pytest.mark.parametrize("state", [ReadState.READ, ReadState.PARTIAL, ReadState.FAILED, ReadState.QUARANTINED])
    def test_stops_nothing_that_has_ended(self, office: Office, state: ReadState) -> None:
        document = waiting(office, state)

        with pytest.raises(NothingToStop):
            stop_reading(document=document, actor=actor_for(office.clerk))

    def test_stops_nothing_that_was_withdrawn(self, office: Office) -> None:
        document = waiting(office)
        Document.plain.filter(pk=document.pk).update(state=Validity.WITHDRAWN)

        with pytest.raises(NothingToStop):
            stop_reading(document=document, actor=actor_for(office.clerk))

    @pytest.mark.parametrize("name", ["chair", "province_clerk", "outsider"])
    def test_is_the_registry_clerk_s(self, office: Office, name: str) -> None:
        with pytest.raises(NotAllowed):
            stop_reading(document=waiting(office), actor=actor_for(office.people[name]))


class TestPage:
    def test_says_stage_reason_and_what_can_be_done(self, office: Office, client: Any) -> None:
        failed = waiting(office, ReadState.FAILED, read_reason="encrypted")
        reading = waiting(office, ReadState.READING, pages_done=3, pages_total=12)
        client.force_login(office.clerk)

        page = client.get(reverse(ADDRESS)).content.decode()

        assert "trang 3/12" in page
        assert "mật khẩu" in page
        assert reverse("documents:read-again", args=[failed.pk]) in page
        assert reverse("documents:stop-reading", args=[reading.pk]) in page

    def test_narrows_to_a_stage(self, office: Office, client: Any) -> None:
        waiting(office)
        failed = waiting(office, ReadState.FAILED)
        client.force_login(office.clerk)

        rows = client.get(reverse(ADDRESS), {"o": "failed"}).context["rows"]

        assert [row.document for row in rows] == [failed]

    def test_sends_its_part_alone_to_a_page_that_asks_again(self, office: Office, client: Any) -> None:
        client.force_login(office.clerk)

        part = client.get(reverse(ADDRESS), headers={"HX-Request": "true"}).content.decode()

        assert part.lstrip().startswith('<div id="reading-queue"')

    def test_stops_and_reads_again_and_comes_back(self, office: Office, client: Any) -> None:
        document = waiting(office)
        client.force_login(office.clerk)

        for name in ("stop-reading", "read-again"):
            answer = client.post(reverse(f"documents:{name}", args=[document.pk]), {"from": "queue"})
            assert answer.headers["Location"] == reverse(ADDRESS)

        document.refresh_from_db()
        assert document.read_state == ReadState.QUEUED

    def test_is_not_there_for_others(self, office: Office, client: Any) -> None:
        document = waiting(office)
        for name in ("chair", "outsider"):
            client.force_login(office.people[name])
            assert client.get(reverse(ADDRESS)).status_code == 404
        assert client.post(reverse("documents:stop-reading", args=[document.pk])).status_code == 404

    def test_costs_the_same_for_one_paper_and_many(
        self, office: Office, client: Any, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client.force_login(office.clerk)
        for state in [*ReadState] * 3:
            if state != ReadState.QUARANTINED:
                waiting(office, state, pages_done=1, pages_total=5)

        with django_assert_max_num_queries(MOST_QUERIES):
            response = client.get(reverse(ADDRESS))

        assert len(response.context["rows"]) == 15
