"""Red marks in their boxes: the frame must not keep a reader from the word, above all not from MẬT."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from demo.scans.ink import RED, mark_mask
from documents.ocr.marks import inside, red_marks, secrecy_of, urgency_of

DPI = 200


def framed(across: int = 120, down: int = 60, line: int = 4) -> np.ndarray:
    """A grey box on paper with a word's block in it."""
    page = np.full((down, across), 240, np.uint8)
    page[8 : 8 + line, 8:-8] = page[-8 - line : -8, 8:-8] = 30
    page[8:-8, 8 : 8 + line] = page[8:-8, -8 - line : -8] = 30
    page[26:34, 40:80] = 30
    return page


def marked(text: str, angle: float = 0, *, above: int = 0, below: int = 0) -> np.ndarray:
    """A white page with one mark as a stamp leaves it, and red bars: small ones above it, large ones below."""
    mask = mark_mask(text)
    mask = mask.resize((mask.width * DPI // 300, mask.height * DPI // 300)).rotate(angle, expand=True)
    down = 120 + 60 * above
    page = Image.new("RGB", (800, down + 280 + 90 * below), (251, 251, 249))
    page.paste(RED, (120, down), mask)
    for at in range(above):
        page.paste(RED, (120, 60 + 60 * at, 190, 92 + 60 * at))
    for at in range(below):
        page.paste(RED, (40, down + 200 + 90 * at, 760, down + 260 + 90 * at))
    return np.asarray(page)


class TestInside:
    def test_is_the_word_without_the_frame_on_paper(self) -> None:
        found = inside(framed())

        assert (found < 100).sum() == 8 * 40
        assert found[0, 0] == 240

    def test_of_what_has_no_frame_is_all_of_it(self) -> None:
        page = np.full((40, 90), 240, np.uint8)
        page[16:24, 30:60] = 30

        assert (inside(page) < 100).sum() == 8 * 30

    def test_of_nothing_is_nothing(self) -> None:
        assert (inside(np.full((9, 9), 255, np.uint8)) == 255).all()


class TestRedMarks:
    @pytest.mark.parametrize("angle", [-1.2, 0, 1.2])
    def test_are_read_in_their_boxes(self, angle: float) -> None:
        assert secrecy_of(red_marks(marked("MẬT", angle), DPI)) == "MẬT"
        assert urgency_of(red_marks(marked("KHẨN", angle), DPI)) == "KHẨN"

    def test_are_read_below_many_small_red_areas_and_above_many_large_ones(self) -> None:
        assert secrecy_of(red_marks(marked("MẬT", above=15), DPI)) == "MẬT"
        assert secrecy_of(red_marks(marked("MẬT", below=15), DPI)) == "MẬT"
