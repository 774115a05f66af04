"""Reading and extraction on generated scans, red marks and hostile files; everything runs in the real child with Tesseract."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageDraw

from core.vietnamese import fold
from demo.scans import make_marked_scan, make_scan, sample, samples
from demo.scans.bad import BAD_PAPERS
from demo.scans.fonts import face
from documents.extraction import DEFAULT_CATALOGUE, Field, extract, extract_text
from documents.ocr import FileReading, Reason, Word, boxes, read_file, sniff

CORE = ("issuer", "number", "symbol", "date", "type")
TEXTS = Path("demo/samples")
WORD = re.compile(r"\w+")
ENDS: dict[str, set[Reason | None]] = {
    "rong.pdf": {Reason.EMPTY},
    "dut_doan.pdf": {None, Reason.TRUNCATED, Reason.BROKEN, Reason.NO_TEXT},
    "mat_khau.pdf": {Reason.ENCRYPTED},
    "trang_web.pdf": {Reason.UNKNOWN_TYPE},
    "muoi_nghin_trang.pdf": {Reason.TOO_MANY_PAGES},
    "bom_diem_anh.png": {Reason.TOO_MANY_PIXELS, Reason.TOO_MUCH_MEMORY},
    "bom_4_gib.pdf": {
        Reason.TOO_MANY_PIXELS,
        Reason.TOO_SLOW,
        Reason.TOO_MUCH_MEMORY,
        Reason.BROKEN,
        Reason.UNREADABLE_IMAGE,
        Reason.NO_TEXT,
    },
}


def laid_together(path: Path, *pieces: bytes) -> None:
    with pikepdf.new() as whole:
        for piece in pieces:
            with pikepdf.open(io.BytesIO(piece)) as part:
                whole.pages.extend(part.pages)
        whole.save(path)


def read(tmp_path: Path, data: bytes, name: str = "giay.pdf") -> FileReading:
    path = tmp_path / name
    path.write_bytes(data)
    return read_file(path, scratch=tmp_path)


def same(found: Field, wanted: Any) -> bool:
    return fold(str(found.value or "")) == fold(str(wanted))


class TestExtractText:
    @pytest.mark.parametrize("paper", samples(), ids=lambda paper: paper.key)
    def test_finds_the_core_fields_of_every_sample(self, paper: Any) -> None:
        text = (TEXTS / paper.truth["file"]).read_text(encoding="utf-8")

        found = extract_text(text, DEFAULT_CATALOGUE)

        assert {name: found[name].value for name in CORE if not same(found[name], paper.truth[name])} == {}


class TestScans:
    @pytest.mark.parametrize(("key", "profile"), [("01", "typ200"), ("08", "good300")])
    def test_give_their_words_and_fields_back(self, tmp_path: Path, key: str, profile: str) -> None:
        paper = sample(key)

        reading = read(tmp_path, make_scan(paper, profile=profile))

        found = extract(reading, DEFAULT_CATALOGUE)
        wanted = set(WORD.findall(fold(paper.truth["body_text"])))
        had = set(WORD.findall(fold(" ".join(page.text for page in reading.pages))))
        assert reading.status == "read"
        assert len(wanted & had) / len(wanted) >= 0.98
        assert {name: found[name].value for name in CORE if not same(found[name], paper.truth[name])} == {}

    def test_place_every_found_field_on_its_page(self, tmp_path: Path) -> None:
        found = extract(read(tmp_path, make_scan(sample("01"))), DEFAULT_CATALOGUE)

        for name in CORE:
            x, y, w, h = found[name].box or (2, 2, 2, 2)
            assert 0 <= x < x + w <= 1, name
            assert 0 <= y < y + h <= 0.45, name


class TestSecrecyMark:
    def test_on_a_late_page_keeps_back_what_was_read_of_the_first(self, tmp_path: Path) -> None:
        """The first page, one line, is read while the many others are looked at: its text is held until all are."""
        picture, line, scan = Image.new("L", (1654, 2339), 255), io.BytesIO(), make_scan(sample("08"))
        ImageDraw.Draw(picture).text((300, 300), "CÔNG ĐOÀN", fill=0, font=face("Bold", 20))
        picture.save(line, "PDF", resolution=200)
        laid_together(tmp_path / "a.pdf", line.getvalue(), *[scan] * 20, make_marked_scan("MẬT"), scan)
        events: set[str] = set()

        def watch() -> None:
            while not done.wait(0.02):
                for report in tmp_path.rglob("report*"):
                    with suppress(OSError):
                        events.update(re.findall(r'"event": "(\w+)"', report.read_text("utf-8", "replace")))

        done = Event()
        with ThreadPoolExecutor(1) as watcher:
            watcher.submit(watch)
            reading = read_file(tmp_path / "a.pdf", scratch=tmp_path)
            done.set()

        assert (reading.status, reading.pages, reading.known) == ("quarantined", (), {})
        assert "held" in events
        assert "page" not in events

    @pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT"])
    def test_quarantines_the_file_and_gives_no_text(self, tmp_path: Path, mark: str) -> None:
        reading = read(tmp_path, make_marked_scan(mark))

        assert reading.status == "quarantined"
        assert not any(page.text for page in reading.pages)

    def test_an_urgency_mark_is_none(self, tmp_path: Path) -> None:
        reading = read(tmp_path, make_scan(sample("03")))

        assert reading.status == "read"
        assert str(extract(reading, DEFAULT_CATALOGUE)["urgency"].value).lower() == "khẩn"


class TestHostileFiles:
    @pytest.mark.parametrize("name", sorted(BAD_PAPERS))
    def test_end_with_a_reason(self, tmp_path: Path, name: str) -> None:
        reading = read(tmp_path, BAD_PAPERS[name](), name)

        reasons = {reading.reason, *(page.reason for page in reading.pages)} - (
            {None} if reading.status == "failed" else set()
        )
        assert reasons & ENDS[name], (reading.status, reading.reason)

    def test_a_file_is_what_it_holds_not_what_it_is_called(self, tmp_path: Path) -> None:
        path = tmp_path / "x.pdf"
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)

        assert sniff(path).kind == "png"


class TestBoxes:
    def test_come_back_as_they_were_packed(self) -> None:
        words = (Word("Số:", 0.1, 0.2, 0.05, 0.01, 0.9), Word("05/CT", 0.16, 0.2, 0.06, 0.012, 0.5))

        again = boxes.unpack(boxes.pack(words), "Số: 05/CT")

        assert [word.text for word in again] == ["Số:", "05/CT"]
        assert all(abs(a.x - b.x) < 0.001 and abs(a.conf - b.conf) < 0.01 for a, b in zip(again, words, strict=True))
