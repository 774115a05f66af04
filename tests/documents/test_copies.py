"""The archive copy beside a paper: when it is made and made anew, when not, and that it dies with a secret paper."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdf
import pytest
from django.core.management import call_command
from pikepdf import Dictionary, Name

from audit.models import AuditEntry
from demo.scans.bad import text_pages
from documents import store
from documents.models import Document, DocumentFile, Page, ReadState, Validity
from documents.ocr import FileReading, PageReading, Word
from documents.rendition import copying
from documents.selectors import file_of, pages_to_review, title_words, uploads_of
from documents.services import copies
from documents.services.copies import copy_left, make_archive_copy
from documents.services.quarantine import REMOVE_JOB
from documents.services.reading import finish_reading, newest_file
from documents.services.uploads import receive_upload
from documents.tasks import remove_bytes
from jobs.health import unfinished
from organizations.services import actor_for
from tests.factories.offices import drafted
from tests.factories.papers import chain_now
from tests.factories.signed import signature_holds, signed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.factories.offices import Office

State = DocumentFile.CopyState


def picture_page(mark: int = 0) -> bytes:
    """A page that is nothing but a picture."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        image = pdf.make_stream(bytes([mark]) * 64)
        image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
        image.Width, image.Height, image.BitsPerComponent = 8, 8, 8
        page = Dictionary(
            Type=Name.Page, MediaBox=[0, 0, 595, 842], Resources=Dictionary(XObject=Dictionary(Im0=image)),
            Contents=pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q"),
        )  # fmt: skip
        pdf.pages.append(pikepdf.Page(page))
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def words(text: str, conf: float = 0.95) -> tuple[Word, ...]:
    return tuple(Word(one, 0.1 + 0.03 * at, 0.2, 0.02, 0.02, conf) for at, one in enumerate(text.split()))


def reading(text: str, *, source: Any = "ocr", status: Any = "read", **facts: Any) -> FileReading:
    mean = 0.95 if source == "ocr" else None
    page = PageReading(1, source, text, words(text), mean, 595.0, 842.0)
    return FileReading(status, None, (page,), 1, **facts)


def taken_in(office: Office, data: bytes) -> Document:
    return receive_upload(
        stream=io.BytesIO(data), name="Chỉ thị 05.pdf", unit=office.top, actor=actor_for(office.clerk), secrecy="none"
    ).document


def read(document: Document, found: FileReading) -> DocumentFile:
    file = newest_file(document)
    finish_reading(document=document, file=file, reading=found, seconds=1)
    file.refresh_from_db()
    return file


def a_copied_paper(office: Office, text: str = "Tổng Liên đoàn") -> DocumentFile:
    file = read(taken_in(office, picture_page()), reading(text))
    make_archive_copy(file_id=file.pk)
    file.refresh_from_db()
    return file


def text_of(file: DocumentFile) -> str:
    return " ".join(pypdf.PdfReader(store.path_of(file.sha256)).pages[0].extract_text().split())


def queued() -> list[int]:
    return [arguments["file_id"] for arguments in unfinished(copies.COPY_JOB)]


class TestMakeArchiveCopy:
    def test_waits_in_the_queue_from_the_reading_on(self, office: Office) -> None:
        file = read(taken_in(office, picture_page()), reading("Tổng Liên đoàn"))

        assert queued() == [file.pk]

    def test_puts_a_searchable_copy_beside_the_original(self, office: Office) -> None:
        data = picture_page()

        file = a_copied_paper(office)

        copy = file.archive_copy
        assert file.copy_state == State.MADE
        assert (copy.kind, copy.media_type, copy.page_count) == (DocumentFile.Kind.ARCHIVE, "application/pdf", 1)
        assert copy.name == "Chỉ thị 05.pdfa.pdf"
        assert text_of(copy) == "Tổng Liên đoàn"
        assert store.hash_of(store.path_of(copy.sha256)) == copy.sha256
        assert store.path_of(file.sha256).read_bytes() == data
        chain_now()
        act = AuditEntry.objects.get(act="documents.document.copied")
        assert (act.data["of"], act.data["sha256"]) == (file.sha256, copy.sha256)

    def test_leaves_the_original_the_papers_file(self, office: Office) -> None:
        file = a_copied_paper(office)

        assert newest_file(file.document) == file
        assert file_of(file.document, "original") == file
        assert file_of(file.document, "archive") == file.archive_copy
        assert title_words(uploads_of(office.top, office.clerk)[0]) == file.name

    def test_twice_is_once(self, office: Office) -> None:
        file = a_copied_paper(office)

        make_archive_copy(file_id=file.pk)

        chain_now()
        assert AuditEntry.objects.filter(act="documents.document.copied").count() == 1

    def test_is_made_anew_when_the_paper_is_read_again(self, office: Office) -> None:
        file = a_copied_paper(office)
        Document.plain.filter(pk=file.document_id).update(read_state=ReadState.QUEUED)
        read(file.document, reading("Tổng Liên đoàn Lao động"))

        make_archive_copy(file_id=file.pk)

        assert text_of(DocumentFile.plain.get(copy_of=file)) == "Tổng Liên đoàn Lao động"

    def test_of_pages_that_were_read_anew_meanwhile_is_not_kept(self, office: Office, monkeypatch: Any) -> None:
        file = read(taken_in(office, picture_page()), reading("Tổng Liên đoàn"))

        def meanwhile(*args: Any, **facts: Any) -> copying.Copied:
            Page.plain.filter(file=file).update(text="Tổng Liên hiệp")
            return copying.make_copy(*args, **facts)

        monkeypatch.setattr(copies, "make_copy", meanwhile)
        make_archive_copy(file_id=file.pk)

        assert not DocumentFile.plain.filter(copy_of=file).exists()

    def test_says_so_where_fonts_are_not_embedded(self, office: Office) -> None:
        file = read(taken_in(office, text_pages(1)), reading("Bao cao cong doan", source="text"))

        make_archive_copy(file_id=file.pk)

        file.refresh_from_db()
        assert file.copy_state == State.NOT_PDFA
        assert str(file.get_copy_state_display()) == "không phải PDF/A"
        assert file_of(file.document, "archive") is None

    def test_of_a_signed_paper_leaves_the_signature_whole(self, office: Office) -> None:
        data = signed(picture_page())
        file = read(taken_in(office, data), reading("Tổng Liên đoàn", has_signature=True))

        make_archive_copy(file_id=file.pk)

        file.refresh_from_db()
        assert file.is_signed
        assert signature_holds(store.path_of(file.sha256).read_bytes())
        assert not file.archive_copy.is_signed
        assert text_of(file.archive_copy) == "Tổng Liên đoàn"

    def test_is_not_made_of_drafts(self, office: Office) -> None:
        document = drafted(office)
        file = newest_file(document)
        Document.plain.filter(pk=document.pk).update(read_state=ReadState.QUEUED)
        read(document, reading("Kế hoạch"))

        make_archive_copy(file_id=file.pk)

        assert queued() == []
        assert not DocumentFile.plain.filter(copy_of=file).exists()


class TestSecretPaper:
    def test_loses_its_copy(self, office: Office) -> None:
        file = a_copied_paper(office)
        gone = file.archive_copy.sha256
        Document.plain.filter(pk=file.document_id).update(read_state=ReadState.QUEUED)

        read(file.document, reading("", status="quarantined", secrecy_mark="MẬT"))

        assert unfinished(REMOVE_JOB) == [{"sha256": gone}]
        assert not DocumentFile.plain.filter(kind=DocumentFile.Kind.ARCHIVE).exists()
        make_archive_copy(file_id=file.pk)
        assert not DocumentFile.plain.filter(kind=DocumentFile.Kind.ARCHIVE).exists()

    def test_found_while_its_copy_is_made_leaves_none_on_the_disk(self, office: Office, monkeypatch: Any) -> None:
        file = read(taken_in(office, picture_page()), reading("Tổng Liên đoàn"))

        def meanwhile(*args: Any, **facts: Any) -> copying.Copied:
            read(file.document, reading("", status="quarantined", secrecy_mark="MẬT"))
            return copying.make_copy(*args, **facts)

        monkeypatch.setattr(copies, "make_copy", meanwhile)
        make_archive_copy(file_id=file.pk)

        [gone] = unfinished(REMOVE_JOB)
        assert store.path_of(str(gone["sha256"])).exists()
        remove_bytes(**gone)
        assert not store.path_of(str(gone["sha256"])).exists()
        assert store.path_of(file.sha256).exists()


class TestCopyLeft:
    def test_finds_papers_read_before_and_copies_of_an_older_version(self, office: Office, monkeypatch: Any) -> None:
        old = a_copied_paper(office)
        assert copy_left() == 0

        monkeypatch.setattr(copies, "VERSION", "2")

        assert copy_left() == 1
        make_archive_copy(file_id=old.pk)
        assert copy_left() == 0
        assert DocumentFile.plain.filter(copy_of=old).count() == 1

    def test_leaves_withdrawn_papers_alone(self, office: Office) -> None:
        file = read(taken_in(office, picture_page()), reading("Tổng Liên đoàn"))
        Document.plain.filter(pk=file.document_id).update(state=Validity.WITHDRAWN)

        assert copy_left() == 0


class TestPagesToReview:
    @pytest.mark.parametrize(("doubtful", "flagged"), [(0, False), (1, False), (3, True)])
    def test_are_those_with_many_doubtful_words(self, office: Office, doubtful: int, flagged: bool) -> None:
        said = (*words("một " * (25 - doubtful)), *words("hai " * doubtful, 0.4))
        page = PageReading(1, "ocr", " ".join(word.text for word in said), said, 0.9, 595.0, 842.0)

        file = read(taken_in(office, picture_page()), FileReading("read", None, (page,), 1))

        assert pages_to_review(file) == ([1] if flagged else [])


class TestCopyCommand:
    def run(self, *args: str) -> None:
        call_command("copy", *args, stdout=io.StringIO())

    def ended(self, *args: str) -> int:
        with pytest.raises(SystemExit) as end:
            self.run(*args)
        return int(str(end.value.code))

    def test_writes_out_either_kind(self, office: Office, tmp_path: Path) -> None:
        file = a_copied_paper(office)

        for kind in ("original", "archive"):
            self.run(str(file.document_id), "--kind", kind, str(tmp_path / kind), "--as", "clerk")

        assert (tmp_path / "original").read_bytes() == picture_page()
        assert store.hash_of(tmp_path / "archive") == file.archive_copy.sha256

    def test_ends_with_1_in_vietnamese_where_there_is_none(self, office: Office, tmp_path: Path, capsys: Any) -> None:
        file = read(taken_in(office, text_pages(1)), reading("Bao cao", source="text"))
        make_archive_copy(file_id=file.pk)

        assert self.ended(str(file.document_id), "--kind", "archive", str(tmp_path / "x")) == 1
        assert "không có bản lưu trữ" in capsys.readouterr().err
        assert not (tmp_path / "x").exists()

    def test_never_overwrites(self, office: Office, tmp_path: Path) -> None:
        file = a_copied_paper(office)
        (tmp_path / "x").write_text("của tôi")

        assert self.ended(str(file.document_id), "--kind", "original", str(tmp_path / "x")) == 2
        assert (tmp_path / "x").read_text() == "của tôi"

    @pytest.mark.parametrize(("user", "code"), [("outsider", 1), ("province_clerk", 1), ("nobody", 2)])
    def test_gives_nothing_to_those_who_may_not_see_it(
        self, office: Office, tmp_path: Path, user: str, code: int
    ) -> None:
        file = a_copied_paper(office)

        assert self.ended(str(file.document_id), "--kind", "original", str(tmp_path / "x"), "--as", user) == code
        assert not (tmp_path / "x").exists()

    def test_gives_nothing_of_a_locked_away_paper(self, office: Office, tmp_path: Path) -> None:
        document = taken_in(office, picture_page())
        read(document, reading("", status="quarantined", secrecy_mark="MẬT"))

        assert self.ended(str(document.pk), "--kind", "original", str(tmp_path / "x")) == 1
