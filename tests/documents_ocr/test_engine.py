"""The engine that loads its model once: what one image does to it, the next does not feel. Real processes throughout."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from demo.scans.fonts import face
from documents.ocr import tesseract

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from documents.ocr.ink import Array

LINES = ("Kính gửi: Các công đoàn cơ sở", "báo cáo kết quả trước ngày 30", "tháng 9 năm 2026.")


@pytest.fixture(autouse=True)
def engine() -> Iterator[None]:
    """Each test has an engine of its own."""
    tesseract.stop()
    yield
    tesseract.stop()


def sheet(*lines: str, size: int = 10) -> Array:
    picture = Image.new("L", (900, 120 + 80 * len(lines)), 255)
    pen, font = ImageDraw.Draw(picture), face("Regular", size)
    for at, line in enumerate(lines):
        pen.text((60, 60 + 80 * at), line, fill=0, font=font)
    return np.asarray(picture)


def read_lines(lines: Sequence[str]) -> list[str]:
    text = tesseract.as_text(tesseract.read(sheet(*lines), 200))
    return [line for line in text.split("\n") if line]


def crowded() -> Array:
    """A thousand words and more, for which no engine needs less than two seconds."""
    picture = Image.new("L", (2400, 2400), 255)
    pen, font = ImageDraw.Draw(picture), face("Regular", 6)
    for y in range(40, picture.height - 80, 48):
        pen.text((40, y), "ngày tháng năm báo cáo kết quả " * 5, fill=0, font=font)
    return np.asarray(picture)


def engines() -> list[int]:
    """Processes of this test's engine: the one that serves, and those that read."""
    found, todo = [], [os.getpid()]
    while todo:
        parent = todo.pop()
        children = [
            int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
        ]
        todo += children
        found += [
            pid for pid in children if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "tesseract"
        ]
    return found


def server() -> int:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if running := engines():
            return running[0]
        time.sleep(0.02)
    raise AssertionError("no engine came")


class TestRead:
    def test_finds_the_words_of_the_program_where_it_finds_them(self, tmp_path: Path) -> None:
        """Clear print: the program, which may be older, reads it alike."""
        Image.fromarray(sheet(*LINES)).save(tmp_path / "a.pgm")
        command = ["tesseract", str(tmp_path / "a.pgm"), "stdout", "-l", "vie", "--psm", "3", "--dpi", "200", "tsv"]

        tokens = tesseract.read(sheet(*LINES), 200)

        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rows = [row.split("\t") for row in printed.splitlines() if row.startswith("5\t")]
        assert [(t.text, t.x, t.y, t.w, t.h) for t in tokens] == [(row[11], *map(int, row[6:10])) for row in rows]
        assert [t.conf for t in tokens] == pytest.approx([float(row[10]) / 100 for row in rows], abs=0.02)

    def test_words_of_one_line_share_its_number(self) -> None:
        assert read_lines(LINES) == list(LINES)

    def test_threads_that_ask_at_once_get_each_their_own_words(self) -> None:
        asked = [[*LINES[:turns], *LINES[turns:][::-1]] for turns in range(3)] * 2

        with ThreadPoolExecutor(3) as lanes:
            found = list(lanes.map(read_lines, asked))

        assert found == asked

    def test_an_empty_image_has_no_words(self) -> None:
        assert tesseract.read(np.full((200, 300), 255, np.uint8), 200) == []

    def test_an_image_that_costs_too_much_ends_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VANTHU_OCR_SECONDS", "1")
        tesseract.prepare()
        before = server()

        with pytest.raises(TimeoutError):
            tesseract.read(crowded(), 200)

        assert read_lines(LINES) == list(LINES)
        assert server() == before

    def test_an_engine_that_was_killed_is_started_again(self) -> None:
        read_lines(LINES)
        gone = server()
        os.kill(gone, signal.SIGKILL)
        os.waitid(os.P_PID, gone, os.WEXITED | os.WNOWAIT)

        assert read_lines(LINES) == list(LINES)

    def test_an_image_that_takes_the_engine_along_is_the_last_that_suffers(self) -> None:
        tesseract.prepare()

        with ThreadPoolExecutor(1) as lane:
            reading = lane.submit(tesseract.read, crowded(), 200)
            while len(engines()) < 2:
                time.sleep(0.02)
            os.kill(server(), signal.SIGKILL)
            error = reading.exception()

        assert isinstance(error, MemoryError)
        assert read_lines(LINES) == list(LINES)

    def test_a_reader_that_dies_takes_its_image_along_and_not_the_engine(self) -> None:
        tesseract.prepare()
        serving = server()

        with ThreadPoolExecutor(1) as lane:
            reading = lane.submit(tesseract.read, crowded(), 200)
            while len(engines()) < 2:
                time.sleep(0.02)
            os.kill(engines()[1], signal.SIGKILL)
            error = reading.exception()

        assert isinstance(error, MemoryError)
        assert server() == serving


class TestStop:
    def test_leaves_no_process(self) -> None:
        read_lines(LINES)

        tesseract.stop()

        assert engines() == []
