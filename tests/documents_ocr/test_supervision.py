"""The child that meets hostile files: limits, deaths and what survives them. Real processes throughout."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

from demo.scans import make_scan, sample
from demo.scans.bad import text_pages, zeros_deflated
from demo.scans.fonts import face
from documents.ocr import EngineMissing, Limits, PageReading, Reason, Word, read_file
from documents.ocr.child import reading_order
from documents.ocr.wire import as_page, safe_text

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
READS = """
import pathlib, sys
from documents.ocr import read_file
read_file(pathlib.Path(sys.argv[1]), scratch=pathlib.Path(sys.argv[2]))
"""


def with_form(path: Path, form: bytes) -> Path:
    """Three pages; the second one follows the instructions of a form, packed as given."""
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page(page_size=(595, 842))
        things = pikepdf.Stream(pdf, form)
        things.Type, things.Subtype, things.Filter = Name.XObject, Name.Form, Name.FlateDecode
        things.BBox = pikepdf.Array([0, 0, 595, 842])
        pdf.pages[1].obj.Resources = Dictionary(XObject=Dictionary(Form=pdf.make_indirect(things)))
        pdf.pages[1].obj.Contents = pdf.make_stream(b"/Form Do")
        pdf.save(path, compress_streams=False)
    return path


def crowded(path: Path, *, pages: int) -> Path:
    """Pictures of some thousand short words, which keep any engine busy for many seconds."""
    sheet = Image.new("L", (2400, 2400), 255)
    pen, font = ImageDraw.Draw(sheet), face("Regular", 3)
    for y in range(0, sheet.height, 14):
        pen.text((0, y), "ngày tháng năm báo cáo kết quả " * 16, fill=0, font=font)
    sheet.save(path, save_all=True, append_images=[sheet] * (pages - 1), dpi=(200, 200))
    return path


def status_of(pid: int) -> dict[str, str]:
    """What Linux says of a process; nothing once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def kin(of: int) -> dict[int, str]:
    """Readers and engines that work for a process, with their names."""
    known = {int(entry.name): status_of(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdecimal()}
    found: dict[int, str] = {}
    todo = [of]
    while todo:
        parent = str(todo.pop())
        children = {pid: said.get("Name", "") for pid, said in known.items() if said.get("PPid") == parent}
        found |= children
        todo += children
    return found


def until(true: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


class TestReadFile:
    def test_leaves_nothing_in_the_scratch_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(text_pages(3))
        scratch = tmp_path / "scratch"

        read_file(path, scratch=scratch)

        assert list(scratch.iterdir()) == []

    def test_never_changes_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(text_pages(2) + b"rubbish behind the end")
        before = path.read_bytes()

        read_file(path, scratch=tmp_path)

        assert path.read_bytes() == before

    def test_counts_pages_from_the_opening_to_the_end(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(text_pages(4))
        told: list[tuple[int, int]] = []

        read_file(path, scratch=tmp_path, on_progress=lambda done, total: told.append((done, total)))

        assert list(dict.fromkeys(told)) == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]

    def test_the_first_and_the_last_page_come_first(self) -> None:
        assert list(reading_order(4)) == [1, 4, 2, 3]
        assert list(reading_order(1)) == [1]

    def test_a_page_that_takes_too_long_fails_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(make_scan(sample("07")))

        reading = read_file(path, scratch=tmp_path, limits=Limits(page_seconds=0.2))

        assert reading.status == "failed"
        assert {page.reason for page in reading.pages} == {Reason.TOO_SLOW}

    def test_a_page_that_costs_the_engine_too_much_fails(self, tmp_path: Path) -> None:
        path = crowded(tmp_path / "a.tiff", pages=1)

        reading = read_file(path, scratch=tmp_path, limits=Limits(engine_seconds=1))

        assert {page.reason for page in reading.pages} == {Reason.TOO_SLOW}

    def test_a_file_of_hopeless_pages_is_given_up(self, tmp_path: Path) -> None:
        path = crowded(tmp_path / "a.tiff", pages=4)
        told: list[int] = []

        reading = read_file(
            path,
            scratch=tmp_path,
            limits=Limits(engine_seconds=1, hopeless_pages=2),
            on_progress=lambda done, _: told.append(done),
        )

        assert [page.reason for page in reading.pages] == [Reason.TOO_SLOW] * 4
        assert 3 not in told  # two pages were tried, the others fell with them

    def test_an_engine_that_is_not_there_is_no_fault_of_the_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(make_scan(sample("07")))
        monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))  # no model of any language there

        with pytest.raises(EngineMissing):
            read_file(path, scratch=tmp_path)

    def test_a_page_that_kills_its_reader_fails_and_the_others_are_read(self, tmp_path: Path) -> None:
        path = with_form(tmp_path / "a.pdf", zeros_deflated(1 << 32))

        reading = read_file(path, scratch=tmp_path)

        assert [page.source for page in reading.pages] == ["blank", "failed", "blank"]
        assert reading.status == "partial"

    def test_instructions_that_unpack_to_gigabytes_are_refused_before_they_are_followed(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            contents = pikepdf.Stream(pdf, zeros_deflated(1 << 32))
            contents.Filter = Name.FlateDecode
            pdf.pages[0].obj.Contents = pdf.make_indirect(contents)
            pdf.save(path, compress_streams=False)

        reading = read_file(path, scratch=tmp_path)

        assert [page.reason for page in reading.pages] == [Reason.TOO_MUCH_MEMORY]

    def test_too_many_pages_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(text_pages(6))

        reading = read_file(path, scratch=tmp_path, limits=Limits(pages=4))

        assert (reading.status, reading.reason) == ("failed", Reason.TOO_MANY_PAGES)

    def test_a_page_as_large_as_a_house_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=(14_400, 14_400))
            pdf.save(path)

        assert read_file(path, scratch=tmp_path).reason == Reason.TOO_LARGE_PAGE


class TestChild:
    def test_nothing_outlives_a_supervisor_that_was_killed(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(make_scan(sample("07")))
        supervisor = subprocess.Popen([sys.executable, "-c", READS, str(path), str(tmp_path)], cwd=ROOT)
        reached = until(lambda: any("tesseract" in name for name in kin(supervisor.pid).values()))
        children = kin(supervisor.pid)

        os.kill(supervisor.pid, signal.SIGKILL)
        supervisor.wait()

        assert reached
        assert children
        assert until(lambda: not any(_is_alive(pid) for pid in children), seconds=5)

    def test_is_told_none_of_the_office_s_secrets(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from documents.ocr.supervisor import environment

        monkeypatch.setenv("DATABASE_URL", "postgresql://secret")

        assert "secret" not in json.dumps(environment(tmp_path, Limits()))


def _is_alive(pid: int) -> bool:
    return status_of(pid).get("State", "Z")[0] not in "ZX"


class TestWire:
    def test_controls_and_lone_surrogates_are_gone(self) -> None:
        assert safe_text("a\x00b\ud800c\u0007\nd\u0065\u0302") == "ab?c\ndê"

    def test_text_and_words_stay_in_step_when_cut(self) -> None:
        rows = [[f"từ{number}", 0, 0, 0.1, 0.1, 1] for number in range(100)]
        text = " ".join(str(row[0]) for row in rows)

        page = as_page(1, {"source": "ocr", "text": text, "words": rows}, 50)

        assert len(page.text) <= 50
        assert page.text.split() == [word.text for word in page.words]

    def test_a_text_that_does_not_fit_its_words_is_made_from_them(self) -> None:
        page = as_page(1, {"source": "ocr", "text": "khác hẳn", "words": [["một", 0, 0, 0.1, 0.1, 1]]}, 50)

        assert page == PageReading(1, "ocr", "một", (Word("một", 0, 0, 0.1, 0.1, 1),))

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -3, 17])
    def test_places_outside_the_page_are_brought_back(self, value: float) -> None:
        (word,) = as_page(1, {"source": "ocr", "text": "a", "words": [["a", value, 0, 0, 0, 0]]}, 50).words

        assert 0 <= word.x <= 1
