"""Number and date as they stand on the issued page: on the lines of the draft, and nothing of the draft shows through."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest

from demo.drafts import Draft, draft_pdf
from documents.models import Document, Page
from documents.ocr import boxes, read_file
from documents.rendition.paper import draw
from documents.rendition.stamp import stamped
from documents.services.issuing import _overlay

if TYPE_CHECKING:
    from pathlib import Path

SCALE = 3
DRAFT = Draft(
    parent="TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM",
    issuer="LIÊN ĐOÀN LAO ĐỘNG TỈNH AN HÒA",
    symbol="KH-LĐLĐ",
    place="An Hòa",
    year="2026",
    title="KẾ HOẠCH",
    subject="Thực hiện Chỉ thị số 05/CT-TLĐ",
    paragraphs=["Công đoàn các xã, phường tiếp nhận, số hóa văn bản đến ngay trong ngày; báo cáo hằng tháng."] * 4,
    copies=("- Lưu: VT.",),
    authority=("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"),
    signer="Đỗ Văn Khánh",
)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> pdfium.PdfPage:
    """The first page of the plan with number 01 of 26 November 2026."""
    folder: Path = tmp_path_factory.mktemp("stamp")
    (folder / "draft.pdf").write_bytes(draft_pdf(DRAFT))
    (folder / "scratch").mkdir()
    [read] = read_file(folder / "draft.pdf", scratch=folder / "scratch").pages
    page = Page(boxes=boxes.pack(read.words), text=read.text, width_pt=read.width_pt, height_pt=read.height_pt)
    document = Document(number="01", symbol="KH-LĐLĐ", place="An Hòa")
    overlay = draw("documents/print/overlay.html", _overlay(document, page, date(2026, 11, 26)))
    return pdfium.PdfDocument(stamped(folder / "draft.pdf", overlay, room=folder))[0]


def baseline(page: pdfium.PdfPage, words: str, letter: str) -> float:
    """The foot of a letter within words, in points from the bottom of the page."""
    text = page.get_textpage()
    start = text.get_text_range().rindex(words)
    bottom: float = text.get_charbox(start + words.index(letter))[1]
    return bottom


class TestStamp:
    def test_stands_on_the_line_of_the_draft(self, issued: pdfium.PdfPage) -> None:
        place = baseline(issued, "An Hòa,", "H")

        assert baseline(issued, "ngày 26 tháng 11 năm 2026", "2") == pytest.approx(place, abs=0.7)
        assert baseline(issued, "Số: 01/KH-LĐLĐ", "K") == pytest.approx(place, abs=0.7)

    def test_leaves_nothing_of_the_draft_around_it(self, issued: pdfium.PdfPage) -> None:
        picture = issued.render(scale=SCALE).to_pil().convert("L")
        foot = picture.height - baseline(issued, "An Hòa,", "H") * SCALE

        above = picture.crop((0, round(foot - 16 * SCALE), picture.width, round(foot - 11.5 * SCALE)))
        below = picture.crop((0, round(foot + 4 * SCALE), picture.width, round(foot + 8 * SCALE)))

        assert (above.getextrema()[0], below.getextrema()[0]) == (255, 255)


def test_what_is_no_pdf_is_not_written_on(tmp_path: Path) -> None:
    draft = tmp_path / "draft.pdf"
    draft.write_bytes(b"%PDF-1.4\nnot one\n%%EOF\n")

    assert stamped(draft, draft_pdf(DRAFT), room=tmp_path) is None
