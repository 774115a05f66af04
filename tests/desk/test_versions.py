"""S2: original, signed version and archive copy of a paper, to choose from, beside each other, and to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import expect

from demo.scans.bad import text_pages
from documents.models import Document
from documents.ocr import FileReading, PageReading
from documents.services.copies import make_archive_copy
from tests.documents.test_copies import picture_page, read, reading, taken_in, words
from tests.factories.offices import PASSWORD, make_office
from tests.factories.signed import signed
from tests.journeys.person import DESK, PHONE, Person, Round

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from documents.models import DocumentFile
    from tests.factories.offices import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
SAID = "Tổng Liên đoàn Lao động Việt Nam"


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Office:
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_office()


def badly_read() -> FileReading:
    said = (*words(SAID), *words("khó đọc", 0.4))
    page = PageReading(1, "ocr", f"{SAID}\nkhó đọc", said, 0.8, 595.0, 842.0)
    return FileReading("read", None, (page,), 1, has_signature=True)


@pytest.fixture
def signed_scan(office: Office) -> DocumentFile:
    file = read(taken_in(office, signed(picture_page(90))), badly_read())
    make_archive_copy(file_id=file.pk)
    return file


def page_of(document: Document, client: Any, query: str = "") -> str:
    return " ".join(client.get(f"{reverse('desk:paper', args=[document.pk])}{query}").content.decode().split())


class TestPaper:
    def test_names_each_version_and_offers_the_shown_one(
        self, office: Office, signed_scan: DocumentFile, client: Any
    ) -> None:
        client.force_login(office.clerk)
        copy = signed_scan.archive_copy

        first = page_of(signed_scan.document, client)
        other = page_of(signed_scan.document, client, f"?tep={copy.pk}")

        for page in (first, other):
            assert "Bản ký số" in page
            assert "Bản lưu trữ (PDF/A, lớp chữ)" in page
            assert "Cần xem lại: trang 1" in page
        assert f'src="{reverse("documents:file", args=[signed_scan.document_id, signed_scan.pk])}?inline=1"' in first
        assert f'src="{reverse("documents:file", args=[signed_scan.document_id, copy.pk])}?inline=1"' in other
        assert "PDF/A-2b" in other

    def test_shows_two_beside_each_other(self, office: Office, signed_scan: DocumentFile, client: Any) -> None:
        client.force_login(office.clerk)

        page = page_of(signed_scan.document, client, f"?tep={signed_scan.pk}&canh={signed_scan.archive_copy.pk}")

        assert page.count("<vb-pdf ") == 2

    def test_says_which_original_is_no_pdfa(self, office: Office, client: Any) -> None:
        file = read(taken_in(office, text_pages(1)), reading("Bao cao", source="text"))
        make_archive_copy(file_id=file.pk)
        client.force_login(office.clerk)

        page = page_of(file.document, client)

        assert "không phải PDF/A" in page
        assert "Bản gốc" in page

    def test_and_its_copy_are_for_those_who_may_see_the_paper(
        self, office: Office, signed_scan: DocumentFile, client: Any
    ) -> None:
        address = reverse("documents:file", args=[signed_scan.document_id, signed_scan.archive_copy.pk])
        for name, expected in {"clerk": 200, "province_clerk": 404, "outsider": 404}.items():
            client.force_login(office.people[name])
            assert client.get(address).status_code == expected

    def test_costs_no_query_more_than_without_a_copy(
        self, office: Office, signed_scan: DocumentFile, client: Any
    ) -> None:
        plain = read(taken_in(office, picture_page(7)), reading(SAID))
        client.force_login(office.clerk)
        counts = []
        for document in (plain.document, plain.document, signed_scan.document):
            with CaptureQueriesContext(connection) as asked:
                page_of(document, client)
            counts.append(len(asked))

        assert counts[2] <= counts[1]


class TestText:
    def test_marks_words_that_were_hard_to_read(self, office: Office, signed_scan: DocumentFile, client: Any) -> None:
        client.force_login(office.clerk)

        page = client.get(reverse("desk:paper-text", args=[signed_scan.document_id])).content.decode()

        assert "<u>khó</u> <u>đọc</u>" in page
        assert "<u>Tổng</u>" not in page
        assert "Cần xem lại" in page


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_versions_are_chosen_and_compared(
    office: Office, signed_scan: DocumentFile, browser_page: Callable[..., Any], window: dict[str, Any]
) -> None:
    clerk = Person("clerk", browser_page(**window), window, Round())
    clerk.page.goto(f"/tai-khoan/login/?next={reverse('desk:paper', args=[signed_scan.document_id])}")
    clerk.page.get_by_label("Tên đăng nhập").fill("clerk")
    clerk.page.get_by_label("Mật khẩu").fill(PASSWORD)
    clerk.presses("Đăng nhập")
    versions = clerk.page.get_by_role("navigation", name="Bản đang xem")

    versions.get_by_role("link", name="Bản lưu trữ").click()
    expect(versions.get_by_role("link", name="Bản lưu trữ")).to_have_attribute("aria-current", "page")
    with clerk.page.expect_download() as taken:
        clerk.page.get_by_role("link", name="Tải xuống: Bản lưu trữ").click()
    assert taken.value.suggested_filename == "Chỉ thị 05.pdfa.pdf"
    clerk.looks()
    versions.get_by_role("link", name="Xem cạnh nhau").click()
    expect(clerk.page.locator("vb-pdf")).to_have_count(2)
    clerk.looks()
    clerk.page.get_by_role("link", name="Cần xem lại: trang 1").first.click()
    expect(clerk.page.get_by_role("heading", name="Trang 1")).to_be_visible()
    clerk.looks()
