"""Several papers in one scan: recognised, offered, split or kept; the scan stays byte for byte, nothing is lost."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from django.urls import reverse

from audit.models import AuditEntry
from demo.scans import make_scan, sample
from documents import store
from documents.checks import files_have_their_hash
from documents.extraction.parts import Part, parts_of
from documents.models import Document, DocumentFile, ExtractedField, Page, ReadState
from documents.ocr import PageReading, Word
from documents.services.access import grant
from documents.services.confirmation import StaleDocument
from documents.services.reading import read_document
from documents.services.splitting import PARTS, NotSplittable, keep_whole, split_document
from documents.services.uploads import receive_upload
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office

if TYPE_CHECKING:
    from organizations.models import User

HEAD = (("CÔNG", 0.12, 0.06), ("ĐOÀN", 0.18, 0.06), ("PHƯỜNG", 0.24, 0.06))
MOTTO = tuple(
    (word, 0.5 + 0.05 * at, 0.08) for at, word in enumerate(["Độc", "lập", "-", "Tự", "do", "-", "Hạnh", "phúc"])
)
NUMBER = (("Số:", 0.14, 0.12), ("05/CT-CĐP", 0.19, 0.12))
BODY = tuple(
    (word, 0.12 + 0.06 * at, 0.4) for at, word in enumerate(["Các", "công", "đoàn", "cơ", "sở", "thực", "hiện"])
)
ANNEX = (("PHỤ", 0.45, 0.06), ("LỤC", 0.5, 0.06))


def page(number: int, *pieces: Any) -> PageReading:
    words = tuple(Word(text, x, y, 0.012 * len(text), 0.012, 0.96) for piece in pieces for text, x, y in piece)
    return PageReading(number, "ocr", " ".join(word.text for word in words), words, 0.95, 595, 842)


class TestParts:
    def test_are_one_for_pages_that_go_on(self) -> None:
        assert parts_of([page(1, HEAD, MOTTO, NUMBER), page(2, BODY)]) == [Part(1, 2)]

    def test_begin_at_a_second_letterhead_with_a_number(self) -> None:
        pages = [page(1, HEAD, MOTTO, NUMBER), page(2, BODY), page(3, HEAD, MOTTO, NUMBER), page(4, BODY)]

        assert parts_of(pages) == [Part(1, 2), Part(3, 4)]

    def test_do_not_begin_at_a_form_without_a_number(self) -> None:
        assert parts_of([page(1, HEAD, MOTTO, NUMBER), page(2, HEAD, MOTTO, BODY)]) == [Part(1, 2)]

    def test_keep_annexes_with_their_paper(self) -> None:
        pages = [page(1, HEAD, MOTTO, NUMBER), page(2, ANNEX, BODY), page(3, HEAD, MOTTO, NUMBER)]

        assert parts_of(pages) == [Part(1, 2, annex=2), Part(3, 3)]

    def test_are_none_too_many_for_unread_pages(self) -> None:
        assert parts_of([PageReading(1, "failed"), PageReading(2, "blank")]) == [Part(1, 2)]
        assert parts_of([]) == [Part(1, 1)]


def two_papers() -> bytes:
    """The scans of two samples laid together, as a feeder takes them in."""
    whole, out = pikepdf.new(), io.BytesIO()
    for key in ("08", "09"):
        with pikepdf.open(io.BytesIO(make_scan(sample(key), profile="typ200"))) as scan:
            whole.pages.extend(scan.pages)
    whole.save(out, deterministic_id=True)
    return out.getvalue()


def plain_pdf(pages: int) -> bytes:
    whole, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        whole.add_blank_page(page_size=(595, 842))
    whole.save(out, deterministic_id=True)
    return out.getvalue()


def taken_in(office: Office, data: bytes, *parts: list[int], name: str = "hai văn bản.pdf") -> Document:
    document = receive_upload(
        stream=io.BytesIO(data), name=name, unit=office.top, actor=actor_for(office.clerk), secrecy="none"
    ).document
    if parts:
        ExtractedField.plain.create(document=document, name=PARTS, value=list(parts))
        Document.plain.filter(pk=document.pk).update(read_state=ReadState.READ)
    document.refresh_from_db()
    return document


def split(document: Document, person: User) -> list[Document]:
    return split_document(document=document, actor=actor_for(person), expected_version=document.version)


class TestSplitDocument:
    def test_makes_two_papers_of_a_real_scan_that_are_read_each_for_itself(self, office: Office) -> None:
        data = two_papers()
        document = taken_in(office, data)
        read_document(document_id=document.pk)
        document.refresh_from_db()
        assert len(ExtractedField.plain.get(document=document, name=PARTS).value or []) == 2

        papers = split(document, office.clerk)
        for paper in papers:
            read_document(document_id=paper.pk)

        numbers = [ExtractedField.plain.get(document=paper, name="number").value for paper in papers]
        assert numbers == ["09", "31"]
        source = DocumentFile.plain.get(kind=DocumentFile.Kind.SOURCE)
        assert store.path_of(source.sha256).read_bytes() == data
        assert [file.source_id for file in DocumentFile.plain.filter(source__isnull=False)] == [source.pk, source.pk]

    def test_keeps_the_scan_and_says_which_pages_are_whose(self, office: Office) -> None:
        data = plain_pdf(5)
        document = taken_in(office, data, [1, 2, 0], [3, 5, 0])

        first, second = split(document, office.clerk)

        source = document.files.get(kind=DocumentFile.Kind.SOURCE)
        assert (first.pk, source.sha256) == (document.pk, hashlib.sha256(data).hexdigest())
        files = [paper.files.get(kind=DocumentFile.Kind.SCAN) for paper in (first, second)]
        assert [(file.first_page, file.last_page, file.name) for file in files] == [
            (1, 2, "hai văn bản (1-2).pdf"), (3, 5, "hai văn bản (3-5).pdf"),
        ]  # fmt: skip
        for file in files:
            with pikepdf.open(store.path_of(file.sha256)) as part:
                assert len(part.pages) == (file.last_page or 0) - (file.first_page or 0) + 1
        assert files_have_their_hash().violations == []
        entry = AuditEntry.objects.get(act="documents.document.split")
        assert entry.data["pages"] == [[1, 2], [3, 5]]
        assert {Document.plain.get(pk=paper.pk).read_state for paper in (first, second)} == {ReadState.QUEUED}
        assert not Page.plain.exists()

    def test_gives_the_new_paper_to_the_same_office_and_to_nobody_else(self, office: Office) -> None:
        _first, second = split(taken_in(office, plain_pdf(2), [1, 1, 0], [2, 2, 0]), office.clerk)

        assert Document.objects.visible_to(office.clerk).filter(pk=second.pk).exists()
        assert not Document.objects.visible_to(office.province_clerk).filter(pk=second.pk).exists()

    def test_keeps_the_scan_of_both_from_readers_of_one(self, office: Office) -> None:
        first, _second = split(taken_in(office, plain_pdf(2), [1, 1, 0], [2, 2, 0]), office.clerk)
        grant(document=first, token=f"unit:{office.province.pk}:office@0", cause="dispatch:1")

        seen = DocumentFile.objects.visible_to(office.province_clerk).filter(document=first)

        assert [file.kind for file in seen] == [DocumentFile.Kind.SCAN]
        assert DocumentFile.objects.visible_to(office.clerk).filter(document=first).count() == 2

    def test_happens_once(self, office: Office) -> None:
        document = taken_in(office, plain_pdf(2), [1, 1, 0], [2, 2, 0])
        split(document, office.clerk)

        document.refresh_from_db()
        with pytest.raises(NotSplittable):
            split(document, office.clerk)
        assert Document.plain.count() == 2

    def test_changes_nothing_that_somebody_else_has_changed(self, office: Office) -> None:
        document = taken_in(office, plain_pdf(2), [1, 1, 0], [2, 2, 0])
        Document.plain.filter(pk=document.pk).update(version=9)

        with pytest.raises(StaleDocument):
            split(document, office.clerk)
        assert Document.plain.count() == 1

    @pytest.mark.parametrize("parts", [[[1, 1, 0], [2, 9, 0]], [[1, 2, 2]]], ids=["no such page", "one part"])
    def test_refuses_what_cannot_be_split(self, office: Office, parts: list[list[int]]) -> None:
        document = taken_in(office, plain_pdf(2), *parts)

        with pytest.raises(NotSplittable):
            split(document, office.clerk)
        assert document.files.get().kind == DocumentFile.Kind.SCAN

    @pytest.mark.parametrize("name", ["chair", "province_clerk"])
    def test_is_the_registry_clerk_s(self, office: Office, name: str) -> None:
        document = taken_in(office, plain_pdf(2), [1, 1, 0], [2, 2, 0])

        for act in (split_document, keep_whole):
            with pytest.raises(NotAllowed):
                act(document=document, actor=actor_for(office.people[name]), expected_version=document.version)


class TestConfirmPage:
    def test_offers_parts_and_splits_by_a_button(self, office: Office, client: Any) -> None:
        document = taken_in(office, plain_pdf(3), [1, 1, 0], [2, 3, 3])
        client.force_login(office.clerk)

        page = client.get(reverse("documents:confirm", args=[document.pk])).content.decode()
        answer = client.post(reverse("documents:split", args=[document.pk]), {"version": document.version})

        assert "Trang 2 đến 3, phụ lục từ trang 3" in page
        assert answer.headers["Location"] == reverse("documents:reading-queue")
        assert Document.plain.count() == 2

    def test_keeps_one_paper_and_asks_no_more(self, office: Office, client: Any) -> None:
        document = taken_in(office, plain_pdf(2), [1, 1, 0], [2, 2, 0])
        client.force_login(office.clerk)

        client.post(reverse("documents:keep-whole", args=[document.pk]), {"version": document.version})

        page = client.get(reverse("documents:confirm", args=[document.pk])).content.decode()
        assert reverse("documents:split", args=[document.pk]) not in page
        assert Document.plain.count() == 1
        assert AuditEntry.objects.filter(act="documents.document.kept_whole").count() == 1
