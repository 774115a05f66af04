"""Cover sheets: printed, laid between papers, scanned with them; each paper behind one is taken in by itself, for its unit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from django.urls import reverse
from PIL import Image

from audit.models import AuditEntry
from core import clock
from demo.scans import make_scan, sample
from documents.extraction.parts import Part, parts_of
from documents.models import Document, DocumentFile, ExtractedField, ReadState, Validity
from documents.ocr import PageReading, cover_code
from documents.ocr.covers import cover_in, cover_on, unit_named
from documents.rendition.cover import cover_sheet
from documents.services.reading import read_document
from documents.services.uploads import receive_upload
from organizations.services import actor_for, appoint
from tests.factories.offices import SETTER, Office

if TYPE_CHECKING:
    from organizations.models import Unit

DPI = 150


def printed(unit: Unit) -> Image.Image:
    """The sheet as it comes out of a printer and goes into a scanner."""
    with pypdfium2.PdfDocument(cover_sheet(unit)) as sheet:
        picture: Image.Image = sheet[0].render(scale=DPI / 72).to_pil()
    return picture.convert("RGB")


def stack(*pieces: Image.Image | str) -> bytes:
    """Cover sheets and scans of samples, fed in one go."""
    whole, out = pikepdf.new(), io.BytesIO()
    for piece in pieces:
        made = io.BytesIO()
        if isinstance(piece, str):
            made.write(make_scan(sample(piece), profile="typ200"))
        else:
            piece.save(made, "PDF", resolution=DPI)
        with pikepdf.open(made) as scan:
            whole.pages.extend(scan.pages)
    whole.save(out, deterministic_id=True)
    return out.getvalue()


def taken_in(office: Office, data: bytes) -> Document:
    document = receive_upload(
        stream=io.BytesIO(data), name="chồng.pdf", unit=office.top, actor=actor_for(office.clerk), secrecy="none"
    ).document
    read_document(document_id=document.pk)
    document.refresh_from_db()
    return document


class TestCode:
    def test_names_its_unit(self) -> None:
        assert unit_named(cover_code("TLD")) == "TLD"
        assert cover_in(f"Tờ bìa\n{cover_code('AH')}\nĐặt tờ này") == "AH"

    @pytest.mark.parametrize(
        "code", ["", "TLD", "VANTHU1|TLD", "VANTHU1|TLD|0000", "https://example.org/a|b", "VANTHU1||"]
    )
    def test_of_anything_else_names_none(self, code: str) -> None:
        assert unit_named(code) == ""


@pytest.mark.django_db
class TestCoverOn:
    @pytest.mark.parametrize("turn", [0, 4, 90, 180, 270])
    def test_finds_the_sheet_whichever_way_it_lies(self, office: Office, turn: int) -> None:
        page = printed(office.top).rotate(turn, expand=turn % 90 == 0, fillcolor=(255, 255, 255))

        assert cover_on(np.asarray(page)) == office.top.code

    def test_finds_a_worn_copy(self, office: Office) -> None:
        page = np.asarray(printed(office.top).resize((827, 1169)).convert("L")).astype(np.int16)
        grain = np.random.default_rng(3).normal(0, 30, page.shape)

        assert cover_on(np.clip(page // 2 + 70 + grain, 0, 255).astype(np.uint8)) == office.top.code

    def test_finds_none_on_a_paper(self) -> None:
        with pypdfium2.PdfDocument(make_scan(sample("08"))) as scan:
            page = scan[0].render(scale=DPI / 72).to_numpy()

        assert cover_on(page) == ""


class TestParts:
    def test_are_what_stands_behind_the_sheets(self) -> None:
        sheet = [PageReading(number, "blank", cover="TLD" if number < 4 else "AH") for number in range(9)]
        pages = [sheet[1], PageReading(2, "ocr"), sheet[3], sheet[4], PageReading(5, "ocr"), PageReading(6, "failed")]

        assert parts_of([PageReading(1, "ocr"), *pages[2:]]) == [Part(1, 1), Part(5, 6, unit="AH")]
        assert parts_of(pages) == [Part(2, 2, unit="TLD"), Part(5, 6, unit="AH")]
        assert parts_of(sheet[1:3]) == []


@pytest.mark.django_db
class TestStack:
    def test_is_taken_apart_and_read_by_itself(self, office: Office) -> None:
        sheet = printed(office.top)

        document = taken_in(office, stack(sheet, "08", sheet, "09"))

        papers = list(Document.plain.order_by("pk"))
        assert (len(papers), papers[0].pk) == (2, document.pk)
        assert {(paper.owner_unit, paper.read_state) for paper in papers} == {(office.top, ReadState.QUEUED)}
        for paper in papers:
            read_document(document_id=paper.pk)

        numbers = [ExtractedField.plain.get(document=paper, name="number").value for paper in papers]
        assert numbers == ["09", "31"]
        entry = AuditEntry.objects.get(act="documents.document.split")
        assert (entry.data["units"], entry.actor["channel"]) == (["TLD", "TLD"], "job")

    def test_one_paper_behind_a_sheet_loses_the_sheet(self, office: Office) -> None:
        document = taken_in(office, stack(printed(office.top), "08"))

        scan = document.files.get(kind=DocumentFile.Kind.SCAN)
        assert (Document.plain.count(), scan.first_page) == (1, 2)
        assert document.files.filter(kind=DocumentFile.Kind.SOURCE).exists()

    def test_goes_to_no_unit_whose_books_the_scanning_person_does_not_keep(self, office: Office) -> None:
        document = taken_in(office, stack(printed(office.province), "08"))

        assert (Document.plain.count(), document.owner_unit) == (1, office.top)

    def test_goes_to_another_unit_of_the_same_clerk_and_the_scan_stays(self, office: Office) -> None:
        post = office.posts["province_clerk"]
        appoint(user=office.clerk, post=post, valid_from=clock.today(), actor=SETTER, is_primary=False)

        document = taken_in(office, stack(printed(office.province), "08"))

        paper = Document.plain.exclude(pk=document.pk).get()
        assert (paper.owner_unit, document.state) == (office.province, Validity.WITHDRAWN)
        seen = DocumentFile.objects.visible_to(office.province_clerk).values_list("document", "kind")
        assert list(seen) == [(paper.pk, DocumentFile.Kind.SCAN)]

    def test_of_sheets_alone_is_left_as_it_is(self, office: Office) -> None:
        document = taken_in(office, stack(printed(office.top)))

        assert (document.state, document.files.get().kind) == (Validity.UNCONFIRMED, DocumentFile.Kind.SCAN)


@pytest.mark.django_db
class TestSheet:
    def test_is_printed_by_those_who_take_papers_in(self, office: Office, client: Any) -> None:
        client.force_login(office.clerk)
        response = client.get(reverse("documents:cover-sheet"))

        assert response.headers["Content-Type"] == "application/pdf"
        with pypdfium2.PdfDocument(response.content) as sheet:
            assert (len(sheet), cover_in(sheet[0].get_textpage().get_text_range())) == (1, office.top.code)
        assert "to-bia.pdf" in client.get(reverse("documents:intake")).content.decode()

    def test_is_not_there_for_others(self, office: Office, client: Any) -> None:
        client.force_login(office.chair)

        assert client.get(reverse("documents:cover-sheet")).status_code == 404
