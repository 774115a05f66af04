"""Lines that slant are moved level, and what is read on them goes back to where it was scanned."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from demo.scans.fonts import face
from documents.ocr import ink
from documents.ocr.tesseract import Token
from documents.ocr.upright import levelled_back

WIDTH, HEIGHT = 1240, 1754


def lined_page() -> Image.Image:
    page = Image.new("L", (WIDTH, HEIGHT), 250)
    pen = ImageDraw.Draw(page)
    for top in range(200, HEIGHT - 200, 50):
        pen.text(
            (120, top),
            "Căn cứ Điều lệ Công đoàn Việt Nam về việc triển khai công tác",
            font=face("Regular", 7),
            fill=20,
        )
    return page


@pytest.mark.parametrize("degrees", [-3.7, -0.6, 0.8, 2.5])
def test_a_slanting_page_lies_level(degrees: float) -> None:
    scanned = np.asarray(lined_page().rotate(degrees, Image.Resampling.BICUBIC, fillcolor=250))

    level, turned = ink.level(scanned)

    assert turned == pytest.approx(-degrees, abs=0.15)
    assert abs(ink.skew(level)) <= 0.1
    assert level.shape == scanned.shape


def test_a_level_page_is_left_alone() -> None:
    page = np.asarray(lined_page())

    level, turned = ink.level(page)

    assert (level is page, turned) == (True, 0.0)


def test_paper_stays_as_light_as_it_was() -> None:
    paper = np.full((300, 400), 240, np.uint8)

    levelled = ink.level_lines(paper, 3.0)

    assert levelled[40:-40].min() == levelled[40:-40].max() == 240


@pytest.mark.parametrize("degrees", [-3.0, 2.0])
def test_a_word_goes_back_to_where_it_was_scanned(degrees: float) -> None:
    scanned = np.full((900, 1200), 255, np.uint8)
    scanned[400:440, 900:980] = 0

    rows, columns = np.nonzero(ink.level_lines(scanned, degrees) < 128)
    read = Token(
        (1, 1, 1),
        float(columns.min()),
        float(rows.min()),
        float(np.ptp(columns)) + 1,
        float(np.ptp(rows)) + 1,
        0.9,
        "x",
    )
    (back,) = levelled_back([read], degrees, 1200)

    assert (back.x + back.w / 2, back.y + back.h / 2) == pytest.approx((940, 420), abs=1.5)


class TestFlatten:
    def test_divides_each_point_by_its_paper(self) -> None:
        rng = np.random.default_rng(7)
        page = rng.integers(0, 256, (301, 200), np.uint8) // rng.integers(1, 9, (301, 1), np.uint8)

        divided = np.minimum(page.astype(int) * 255 // np.maximum(ink._paper(page), 1), 255)

        assert np.array_equal(ink.flatten(page), divided)
