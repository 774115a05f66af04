"""A page that was read before costs its drawing alone, whatever file it comes in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from demo.scans import make_scan, sample
from demo.scans.bad import text_pages
from documents.models import Document, ExtractedField, Page, ReadState
from documents.ocr import EngineMissing, FileReading, KnownPage, PageReading, Reason, Word
from documents.ocr.child import page_key
from documents.selectors import page_texts
from documents.services.known import keep_pages, recall
from documents.services.reading import finish_reading, newest_file, read_document
from documents.services.uploads import receive_upload
from organizations.services import actor_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.factories.offices import Office

KEY = "0" * 64


@pytest.fixture(scope="module")
def scan() -> bytes:
    return make_scan(sample("07"))


def with_note(scan: bytes) -> bytes:
    """The same paper with a stamp that a later signature left on it: an annotation with a look of its own."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan)) as pdf:
        look = pikepdf.Stream(pdf, b"0 0 1 rg 0 0 200 60 re f")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 60])
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([60, 700, 260, 760]), AP=Dictionary(N=pdf.make_indirect(look))
        )  # fmt: skip
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])
        pdf.save(out)
    return out.getvalue()


def with_ink(scan: bytes) -> bytes:
    """The same paper with something drawn on it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan)) as pdf:
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, b"q 0 0 0 rg 300 500 20 20 re f Q"))
        pdf.save(out)
    return out.getvalue()


def with_layer(scan: bytes) -> bytes:
    """The same paper as a scanner hands it on, which has read it, too: words that nobody sees."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan)) as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].add_resource(pdf.make_indirect(font), Name.Font, Name("/FOwn"))
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, b"BT 3 Tr /FOwn 9 Tf 60 780 Td (lien doan lao dong) Tj ET"))
        pdf.save(out)
    return out.getvalue()


def read(office: Office, data: bytes, name: str) -> Document:
    paper = receive_upload(
        stream=io.BytesIO(data), name=name, unit=office.top, actor=actor_for(office.clerk), secrecy="none"
    ).document
    read_document(document_id=paper.pk)
    paper.refresh_from_db()
    return paper


def left_page(office: Office, text: str) -> None:
    """A page as a reader left it, under a key that it named."""
    paper = receive_upload(
        stream=io.BytesIO(text_pages(1) + text.encode()), name="a.pdf", unit=office.top, actor=actor_for(office.clerk),
        secrecy="none",
    ).document  # fmt: skip
    page = PageReading(1, "ocr", text, tuple(Word(word, 0, 0, 0.1, 0.1, 1) for word in text.split()))
    keep_pages(file=newest_file(paper), pages=[page], known={KEY: KnownPage(page)})


def proposals(paper: Document) -> dict[str, tuple[object, object]]:
    """Confidences as they are after those of single words were kept to a hundredth."""
    rows = ExtractedField.plain.filter(document=paper).values_list("name", "value", "confidence")
    return {name: (value, pytest.approx(confidence, abs=0.02)) for name, value, confidence in rows}


class TestReadDocument:
    @pytest.mark.parametrize("changed", [with_note, with_layer])
    def test_reads_a_page_once_whatever_is_put_on_it_that_is_no_ink(
        self,
        office: Office,
        scan: bytes,
        changed: Callable[[bytes], bytes],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        first = read(office, scan, "quét.pdf")
        monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))  # from now on there is no engine to read with

        again = read(office, changed(scan), "thư.pdf")

        assert (first.read_state, again.read_state) == (ReadState.READ, ReadState.READ)
        assert [page.text for page in page_texts(again)] == [page.text for page in page_texts(first)]
        assert proposals(again) == proposals(first)
        with pytest.raises(EngineMissing):
            read(office, with_ink(scan), "khác.pdf")


class TestRecall:
    def test_forgets_the_pages_of_a_paper_that_turns_out_to_be_secret(self, office: Office, scan: bytes) -> None:
        paper = read(office, scan, "quét.pdf")
        [key] = set(Page.plain.filter(file__document=paper, number=1).values_list("key", flat=True))
        before = recall(key, unit_id=office.top.pk)
        Document.plain.filter(pk=paper.pk).update(read_state=ReadState.QUEUED)

        finish_reading(
            document=paper, file=newest_file(paper), reading=FileReading("quarantined", Reason.SECRET), seconds=1
        )

        assert before is not None
        assert "QUYẾT ĐỊNH" in before.reading.text
        assert recall(key, unit_id=office.top.pk) is None

    def test_a_page_left_by_one_unit_is_not_known_to_another(self, office: Office) -> None:
        left_page(office, "chữ giả")

        assert recall(KEY, unit_id=office.top.pk) is not None
        assert recall(KEY, unit_id=office.province.pk) is None

    def test_a_later_file_does_not_take_the_place_of_what_was_read_first(self, office: Office) -> None:
        left_page(office, "chữ thật")
        left_page(office, "chữ giả")

        known = recall(KEY, unit_id=office.top.pk)

        assert known is not None
        assert known.reading.text == "chữ thật"

    def test_knows_nothing_without_a_key(self, office: Office) -> None:
        assert recall("", unit_id=office.top.pk) is None


class TestPageKey:
    def test_is_another_one_for_another_engine_another_pixel_or_another_shape(self) -> None:
        page = np.zeros((4, 6), np.uint8)
        dotted = page.copy()
        dotted[0, 0] = 1

        keys = {
            page_key(page, "vie 1"),
            page_key(page, "vie 2"),
            page_key(dotted, "vie 1"),
            page_key(page.reshape(6, 4), "vie 1"),
        }

        assert len(keys) == 4
        assert page_key(page.copy(), "vie 1") in keys
