"""Results as CSV and XLSX: everything that the search finds for the person, nothing else."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from audit.models import AuditEntry
from core import clock
from documents.models import Document, Validity
from documents.services.access import revoke
from organizations.services import actor_for
from search import exports
from search.asked import Asked
from search.engine import backend
from search.services import search_documents
from search.whole import whole
from tests.factories.offices import Office
from tests.factories.papers import confirmed, index_now, uploaded

if TYPE_CHECKING:
    from documents.models import Document as Paper

TEXT = "CHỈ THỊ về đẩy mạnh xử lý văn bản"
HEADER = [
    "Số, ký hiệu", "Loại văn bản", "Trích yếu", "Cơ quan ban hành", "Ngày văn bản", "Đơn vị", "Trạng thái", "Liên kết",
]  # fmt: skip


def paper(office: Office, number: int, by: str = "clerk", **facts: Any) -> Paper:
    unit = office.province if by.startswith("province") else office.top
    usual = {"number": f"{number:02d}", "issue_date": date(2025, 9, number)}
    return confirmed(uploaded(TEXT, by=office.people[by], unit=unit), by=office.people[by], **(usual | facts))


def answer(person: Any, kind: str, **asked: Any) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("search:export", args=[kind]), asked)


def csv_of(person: Any, **asked: Any) -> list[list[str]]:
    body = b"".join(answer(person, "csv", **asked).streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))


def xlsx_of(person: Any, **asked: Any) -> list[list[Any]]:
    body = b"".join(answer(person, "xlsx", **asked).streaming_content)
    (sheet,) = load_workbook(io.BytesIO(body)).worksheets
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


class TestCsv:
    def test_has_a_line_for_each_paper_in_the_order_of_the_page(self, office: Office) -> None:
        made = [paper(office, number) for number in (1, 2, 3)]
        index_now()

        lines = csv_of(office.clerk, q="xu ly van ban", xep="ngay")

        assert lines[0] == HEADER
        assert [line[0] for line in lines[1:]] == ["03/CT-TLĐ", "02/CT-TLĐ", "01/CT-TLĐ"]
        assert lines[1] == [
            "03/CT-TLĐ", "Chỉ thị", "về đẩy mạnh xử lý văn bản", "Tổng Liên đoàn", "03/09/2025", "Tổng Liên đoàn",
            str(Validity.IN_FORCE.label), f"http://testserver{reverse('desk:paper', args=[made[2].pk])}",
        ]  # fmt: skip

    def test_takes_filters_and_words_from_the_address(self, office: Office) -> None:
        paper(office, 1)
        paper(office, 2, issue_date=date(2024, 1, 2))
        index_now()

        assert [line[0] for line in csv_of(office.clerk, nam="2024")[1:]] == ["02/CT-TLĐ"]
        assert csv_of(office.clerk, q="kim cương") == [HEADER]
        assert csv_of(office.clerk, nam="chín", loai="\x00", xep="?", page="-1")[1:] != []

    @pytest.mark.parametrize("subject", ["=1+1", "+84 24", "-5", "@SUM(A1)", " =HYPERLINK(0)", "\t=1"])
    def test_holds_no_formula(self, office: Office, subject: str) -> None:
        paper(office, 1, subject=subject)
        index_now()

        shown = f"'{subject.strip()}"
        assert csv_of(office.clerk)[1][2] == shown
        assert xlsx_of(office.clerk)[1][2] == shown

    def test_keeps_signs_of_the_format_inside_a_cell(self, office: Office) -> None:
        subject = 'về "kinh phí"; đợt 1, năm 2025'
        paper(office, 1, subject=subject, issuer="A;B\r\nC")
        index_now()

        line = csv_of(office.clerk)[1]

        assert (line[2], line[3], len(line)) == (subject, "A;B C", 8)


class TestXlsx:
    def test_is_a_table_with_real_days(self, office: Office) -> None:
        paper(office, 1)
        paper(office, 2, issue_date=None)
        index_now()

        header, *lines = xlsx_of(office.clerk, xep="cu")

        assert header == HEADER
        assert {line[0]: line[4] for line in lines} == {"01/CT-TLĐ": datetime(2025, 9, 1), "02/CT-TLĐ": None}  # noqa: DTZ001

    def test_has_the_lines_of_the_other_format(self, office: Office) -> None:
        for number in (1, 2, 3):
            paper(office, number)
        index_now()

        one, other = csv_of(office.clerk, q="văn bản"), xlsx_of(office.clerk, q="văn bản")

        assert [line[:4] for line in one] == [line[:4] for line in other]


class TestFile:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_is_named_by_words_and_day_and_kept_by_nobody(self, office: Office, kind: str) -> None:
        index_now()

        got = answer(office.clerk, kind)

        day = clock.today()
        assert f"Kết quả tra cứu {day:%d-%m-%Y}.{kind}" in unquote(got.headers["Content-Disposition"])
        assert got.headers["Cache-Control"] == "private, no-store"

    def test_of_another_kind_is_not_there(self, office: Office) -> None:
        assert answer(office.clerk, "pdf").status_code == 404

    def test_is_for_people_who_signed_in(self, office: Office) -> None:
        assert Client().get(reverse("search:export", args=["csv"])).status_code == 302


class TestRights:
    def test_each_gets_what_they_may_see_and_no_more(self, office: Office) -> None:
        paper(office, 1)
        paper(office, 2, by="province_clerk")
        index_now()

        assert [line[0] for line in csv_of(office.clerk)[1:]] == ["01/CT-TLĐ"]
        assert [line[0] for line in csv_of(office.province_clerk)[1:]] == ["02/CT-TLĐ"]
        assert csv_of(office.outsider) == [HEADER]

    def test_what_others_have_changes_nothing(self, office: Office) -> None:
        paper(office, 1)
        index_now()
        before = csv_of(office.clerk, q="xử lý", xep="ngay")

        for number in (2, 3):
            paper(office, number, by="province_clerk")
        index_now()

        assert csv_of(office.clerk, q="xử lý", xep="ngay") == before

    def test_a_right_that_ended_ends_here_before_the_index_knows(self, office: Office) -> None:
        document = paper(office, 1)
        index_now()
        revoke(document=document, cause="owner")

        assert csv_of(office.clerk) == [HEADER]
        assert xlsx_of(office.clerk) == [HEADER]

    def test_a_line_is_checked_again_when_it_is_written(self, office: Office) -> None:
        from search.asked import Asked

        first, second = paper(office, 1), paper(office, 2)
        index_now()
        export = exports.begin_export(
            asked=Asked(), kind="csv", person=office.clerk, at=clock.now(), actor=actor_for(office.clerk), address=str
        )
        assert export.ids == [second.pk, first.pk]

        Document.plain.filter(pk=second.pk).update(state="WITHDRAWN")

        assert [row[0] for row in export.rows()] == ["01/CT-TLĐ"]


class TestMany:
    def test_cost_a_few_queries_for_a_portion(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(1, 4):
            paper(office, number)
        index_now()
        csv_of(office.clerk)
        with CaptureQueriesContext(connection) as few:
            csv_of(office.clerk)
        for number in range(4, 13):
            paper(office, number)
        index_now()

        with CaptureQueriesContext(connection) as many:
            assert len(csv_of(office.clerk)) == 13
        assert len(many) <= len(few)

        monkeypatch.setattr(exports, "PORTION", 5)
        assert [line[0] for line in csv_of(office.clerk, xep="cu")[1:]] == [f"{n:02d}/CT-TLĐ" for n in range(1, 13)]

    @pytest.mark.parametrize("lines", [csv_of, xlsx_of])
    def test_are_cut_with_a_sentence_that_says_so(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, lines: Any
    ) -> None:
        monkeypatch.setattr(exports, "MOST_ROWS", 2)
        for number in (1, 2, 3):
            paper(office, number)
        index_now()

        found = lines(office.clerk)

        assert len(found) == 4
        assert str(found[3][0]).startswith("Danh sách dừng ở 2 văn bản. Hãy thu hẹp")


class TestDegraded:
    def test_lists_from_the_database_and_says_so(self, office: Office) -> None:
        paper(office, 1)
        paper(office, 2, subject="về kim cương")
        index_now()
        engine: Any = backend()
        shutil.rmtree(engine.root)

        lines = csv_of(office.clerk, q="kim cuong")

        assert [line[0] for line in lines[1:]] == [
            "02/CT-TLĐ", "Tra cứu toàn văn tạm dừng: danh sách này chỉ tìm theo số, ký hiệu và trích yếu.",
        ]  # fmt: skip

    @pytest.mark.parametrize("order", ["ngay", "cu"])
    def test_keeps_the_order_that_was_asked_for(self, office: Office, order: str) -> None:
        papers = [paper(office, number) for number in (2, 3, 1)]
        Document.plain.filter(pk=papers[0].pk).update(issue_date=None)
        index_now()
        asked = Asked.read(QueryDict(f"q=xu+ly&xep={order}"))

        served = self.ids(asked, office.clerk)
        engine: Any = backend()
        shutil.rmtree(engine.root)

        assert self.ids(asked, office.clerk) == served
        undated, newest, oldest = (one.pk for one in papers)
        wanted = [undated, oldest, newest] if order == "cu" else [newest, oldest, undated]
        assert served == (wanted, wanted)

    def ids(self, asked: Asked, person: Any) -> tuple[list[int], list[int]]:
        """As the page lists them, and as an export does."""
        shown = search_documents(query=asked.text, user=person, at=clock.now(), sort=asked.sort)
        return [hit.document_id for hit in shown.hits], whole(asked, person, clock.now(), 10).ids


class TestAudit:
    def test_names_count_kind_and_query_and_no_title(self, office: Office) -> None:
        paper(office, 1, subject="về kim cương")
        gone = paper(office, 2)
        withdraw_upload_of(gone)
        index_now()

        csv_of(office.clerk, q="văn bản", nam="2025")

        entry = AuditEntry.objects.get(act="search.exported")
        assert entry.data == {"count": 1, "kind": "csv", "query": "?q=v%C4%83n+b%E1%BA%A3n&nam=2025"}
        assert (entry.actor["user_id"], entry.target) == (office.clerk.pk, f"organizations.user:{office.clerk.pk}")


def withdraw_upload_of(document: Paper) -> None:
    Document.plain.filter(pk=document.pk).update(state="WITHDRAWN")


class TestPage:
    def test_leads_there_with_the_search_as_it_is(self, office: Office) -> None:
        uploaded("TỜ TRÌNH về văn bản", by=office.clerk, unit=office.top)
        index_now()
        client = Client()
        client.force_login(office.clerk)

        html = client.get(reverse("search:page"), {"q": "văn bản", "xep": "ngay"}).content.decode()

        for kind in ("csv", "xlsx"):
            assert f'href="{reverse("search:export", args=[kind])}?q=v%C4%83n+b%E1%BA%A3n&amp;xep=ngay"' in html

    def test_offers_none_where_nothing_was_found(self, office: Office) -> None:
        index_now()
        client = Client()
        client.force_login(office.clerk)

        html = client.get(reverse("search:page"), {"q": "văn bản"}).content.decode()

        assert reverse("search:export", args=["csv"]) not in html
