"""Reading as a job: twice, late, in vain, and what a paper of secrecy leaves behind."""

from __future__ import annotations

import io
import json
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from documents import store
from documents.models import Document, DocumentFile, DocumentType, ExtractedField, Page, ReadState, Validity
from documents.ocr import FileReading, PageReading, Reason, trained
from documents.ocr.supervisor import without_network
from documents.selectors import fields_of, locked_away, page_texts, uploads_of
from documents.services.confirmation import confirm_fields
from documents.services.drafting import add_version, create_draft
from documents.services.reading import (
    NothingToReadAgain,
    finish_reading,
    give_up_left,
    newest_file,
    office_program,
    read_again,
    read_document,
)
from documents.services.uploads import receive_upload
from documents.words import reading_words, reason_words
from jobs.health import unfinished
from organizations.services import actor_for
from tests.factories.offices import Office, blank_pdf, confirmed_paper

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

RICH_TEXT = rb"{\rtf1 Cong doan\par}"
WORDS = "CHỈ THỊ về đẩy mạnh xử lý văn bản"


def taken_in(office: Office, data: bytes = b"") -> Document:
    return receive_upload(
        stream=io.BytesIO(data or blank_pdf()),
        name="giấy.pdf",
        unit=office.top,
        actor=actor_for(office.clerk),
        secrecy="none",
    ).document


def drafted(office: Office, mark: str = "một") -> Document:
    return create_draft(
        unit=office.top, doc_type=DocumentType.objects.get(abbreviation="KH"), subject="Kế hoạch",
        stream=io.BytesIO(blank_pdf(mark)), name="kh.pdf", actor=actor_for(office.chief), secrecy="none",
    )  # fmt: skip


def reading(text: str = WORDS, status: str = "read", **facts: object) -> FileReading:
    page = PageReading(number=1, source="ocr", text=text)
    return FileReading(status=status, pages=(page,), page_count=1, **facts)  # type: ignore[arg-type]


def finish(document: Document, found: FileReading, file: DocumentFile | None = None) -> Document:
    finish_reading(document=document, file=file or newest_file(document), reading=found, seconds=1)
    document.refresh_from_db()
    return document


class TestOfficeProgram:
    def test_a_file_that_needs_it_is_kept_as_it_came_and_says_what_is_missing(
        self, office: Office, settings: Settings
    ) -> None:
        settings.OFFICE_PROGRAM = ""
        document = taken_in(office, RICH_TEXT)

        read_document(document_id=document.pk)

        document.refresh_from_db()
        file = newest_file(document)
        assert (document.read_state, document.read_reason) == (ReadState.FAILED, Reason.NO_OFFICE)
        assert (file.media_type, store.path_of(file.sha256).read_bytes()) == ("application/rtf", RICH_TEXT)
        assert "quản trị viên cài libreoffice-writer-nogui" in reason_words(document.read_reason)

    def test_is_found_by_name_or_path_or_not_at_all(self, settings: Settings) -> None:
        found = []
        for name in ("sh", "/bin/sh", "no-such-program", ""):
            settings.OFFICE_PROGRAM = name
            found.append(getattr(office_program(), "name", None))

        assert found == ["sh", "sh", None, None]


class TestSelfcheck:
    def test_says_what_is_there_and_what_to_install(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.OFFICE_PROGRAM = ""

        call_command("selfcheck", "--json")

        found = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
        assert found["ocr"]["state"] == "ok"
        assert found["network"]["state"] == ("ok" if without_network() else "off")
        assert found["office"]["state"] == "off"
        assert "libreoffice-calc-nogui" in found["office"]["words"]

    def test_does_not_believe_a_program_that_converts_nothing(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.OFFICE_PROGRAM = "/bin/true"

        call_command("selfcheck")

        assert "/bin/true" in capsys.readouterr().out.splitlines()[-1]

    def test_says_that_the_program_has_to_do_without_the_library(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.OFFICE_PROGRAM = ""
        (tmp_path / "tesserocr.py").write_text("raise ImportError", encoding="utf-8")
        monkeypatch.setattr(trained, "packages", lambda: str(tmp_path))

        call_command("selfcheck", "--json")

        [ocr] = [one for one in json.loads(capsys.readouterr().out) if one["name"] == "ocr"]
        assert ocr["state"] == "off"
        assert "tesserocr" in ocr["words"]

    def test_ends_with_a_fault_where_scans_cannot_be_read(self, settings: Settings, tmp_path: Path) -> None:
        settings.OFFICE_PROGRAM, settings.OCR_MODEL = "", str(tmp_path)  # no model there

        with pytest.raises(SystemExit):
            call_command("selfcheck")


class TestFinishReading:
    def test_keeps_pages_and_says_read(self, office: Office) -> None:
        document = finish(taken_in(office), reading())

        assert (document.read_state, document.pages_total) == (ReadState.READ, 1)
        assert [page.text for page in page_texts(document)] == [WORDS]

    def test_twice_is_once(self, office: Office) -> None:
        document = finish(taken_in(office), reading())

        finish(document, reading("một lần khác"))

        assert [page.text for page in page_texts(document)] == [WORDS]

    def test_of_an_old_version_leaves_the_paper_to_the_new_ones_job(self, office: Office) -> None:
        document = drafted(office)
        old = newest_file(document)
        add_version(
            document=document,
            stream=io.BytesIO(blank_pdf("hai")),
            name="2.pdf",
            comment="",
            actor=actor_for(office.chief),
        )

        finish(document, reading("bản cũ"), old)
        assert document.read_state == ReadState.QUEUED

        finish(document, reading("bản mới"))
        assert [page.text for page in page_texts(document)] == ["bản mới"]

    def test_says_why_a_file_could_not_be_read(self, office: Office) -> None:
        document = finish(taken_in(office), FileReading("failed", "encrypted"))  # type: ignore[arg-type]

        assert (document.read_state, document.read_reason) == (ReadState.FAILED, "encrypted")
        assert "mật khẩu" in reason_words(document.read_reason)

    def test_leaves_a_withdrawn_paper_alone(self, office: Office) -> None:
        document = taken_in(office)
        Document.plain.filter(pk=document.pk).update(state=Validity.WITHDRAWN)

        finish(document, reading())

        assert not Page.plain.exists()


class TestQuarantine:
    def locked(self, office: Office, document: Document) -> Document:
        return finish(document, reading(status="quarantined", secrecy_mark="MẬT"))

    def test_forgets_even_what_the_clerk_had_typed(self, office: Office) -> None:
        document = taken_in(office)
        values = {
            "subject": "kế hoạch mật",
            "issuer": "Cơ quan",
            "issue_date": date(2026, 2, 3),
            "number": "5",
            "symbol": "KH-A",
        }
        confirm_fields(document=document, values=values, actor=actor_for(office.clerk), expected_version=1)

        document = self.locked(office, document)

        assert "mật" not in "".join(str(value) for value in vars(document).values())
        assert all(field.value == "" for field in fields_of(document))
        assert not ExtractedField.plain.filter(document=document).exists()

    def test_comes_before_the_rule_of_one_reading(self, office: Office) -> None:
        """A mark on an old version counts, whatever came after."""
        document = drafted(office)
        old = newest_file(document)
        add_version(
            document=document,
            stream=io.BytesIO(blank_pdf("hai")),
            name="2.pdf",
            comment="",
            actor=actor_for(office.chief),
        )

        finish(document, reading(status="quarantined", secrecy_mark="MẬT"), old)

        assert document.state == Validity.QUARANTINED

    def test_tells_the_clerk_when_it_happened_and_no_more(self, office: Office) -> None:
        document = self.locked(office, taken_in(office))

        assert list(locked_away(office.top, office.clerk)) == [document.created_at]
        assert not uploads_of(office.top, office.clerk).exists()
        assert not Document.objects.visible_to(office.clerk).exists()

    def test_shows_the_clerk_a_note(self, office: Office, client: Any) -> None:
        self.locked(office, taken_in(office))
        client.force_login(office.clerk)

        page = client.get("/van-ban/tiep-nhan/").content.decode()

        assert "dấu chỉ độ mật" in page


class TestReadDocument:
    """The real reader on real bytes."""

    @pytest.mark.parametrize(
        ("data", "reason"),
        [(b"", "empty"), (b"<html>" + b"x" * 600, "unknown_type"), (b"%PDF-1.7\n garbage", "broken")],
    )
    def test_bad_files_end_with_a_reason(self, office: Office, data: bytes, reason: str) -> None:
        document = receive_upload(
            stream=io.BytesIO(data), name="x.pdf", unit=office.top, actor=actor_for(office.clerk), secrecy="none"
        ).document

        read_document(document_id=document.pk)

        document.refresh_from_db()
        assert document.read_state == ReadState.FAILED
        assert document.read_reason == reason or (reason == "broken" and document.read_reason == "truncated")
        assert reason_words(document.read_reason) != document.read_reason

    def test_reads_once(self, office: Office) -> None:
        document = finish(taken_in(office), reading())

        read_document(document_id=document.pk)

        assert [page.text for page in page_texts(document)] == [WORDS]


class TestGiveUpLeft:
    def test_leaves_papers_whose_job_waits(self, office: Office) -> None:
        document = taken_in(office)

        assert jobs_of(document) == 1
        assert give_up_left() == []

    def test_says_so_when_no_job_is_left(self, office: Office) -> None:
        document = taken_in(office)
        end_all_jobs()

        assert give_up_left() == [document.pk]
        document.refresh_from_db()
        assert (document.read_state, document.read_reason) == (ReadState.FAILED, "gave_up")


def jobs_of(document: Document) -> int:
    return unfinished("documents.tasks.read_document").count({"document_id": document.pk})


def end_all_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")


class TestReadAgain:
    def test_queues_a_failed_paper_once_more(self, office: Office) -> None:
        document = finish(taken_in(office), FileReading("failed", "broken"))  # type: ignore[arg-type]

        read_again(document=document, actor=actor_for(office.clerk))

        document.refresh_from_db()
        assert (document.read_state, document.read_reason) == (ReadState.QUEUED, "")
        assert jobs_of(document) == 2

    def test_is_refused_for_a_read_paper(self, office: Office) -> None:
        with pytest.raises(NothingToReadAgain):
            read_again(document=confirmed_paper(office), actor=actor_for(office.clerk))


class TestReadingWords:
    def test_name_the_pages_that_failed(self) -> None:
        assert reading_words("too_slow", [2, 5]).startswith("Không đọc được trang 2, 5. ")

    def test_are_composed_vietnamese(self) -> None:
        with translation.override("vi"):
            sentences = [reason_words(code) for code in [*Reason, "gave_up"]]

        assert all(unicodedata.is_normalized("NFC", text) and text.endswith(".") for text in sentences)
        assert all(any(letter in text for letter in "ạảấầậệịọộợụứừửữđỗếểồốớờòỏãẫúùêôơưàá") for text in sentences)
