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


def marked(text: str, angle: float) -> np.ndarray:
    """A white page with one mark as a stamp leaves it."""
    mask = mark_mask(text)
    mask = mask.resize((mask.width * DPI // 300, mask.height * DPI // 300)).rotate(angle, expand=True)
    page = Image.new("RGB", (800, 400), (251, 251, 249))
    page.paste(RED, (120, 120), mask)
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
