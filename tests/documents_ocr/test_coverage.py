"""Lines that the engine steps over are found again by their ink; pens, rules and pictures are not taken for text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from demo.scans.fonts import face
from documents.ocr import PageReading, Word, ink, read_file, tesseract
from documents.ocr.coverage import again, areas_of_text, places_of_number, without_words
from documents.ocr.words import fold
from documents.placed import needs_review

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from documents.ocr.ink import Array
    from documents.ocr.tesseract import Token

DPI = 200
A4 = (1654, 2339)
BODY = (
    "Các công đoàn cơ sở báo cáo kết quả thực hiện trước ngày 30",
    "tháng 9 năm 2026 về Liên đoàn Lao động thành phố, qua Văn phòng,",
    "để tổng hợp trình Ban Thường vụ xem xét trong phiên họp tới.",
)
PALE = "Bản sao gửi lưu trữ cơ quan công đoàn"


def letter(pale: str = "") -> Image.Image:
    picture = Image.new("L", A4, 255)
    pen, font = ImageDraw.Draw(picture), face("Regular", 13)
    for at, line in enumerate(BODY * 3):
        pen.text((200, 900 + 55 * at), line, fill=0, font=font)
    pen.text((200, 500), pale, fill=140, font=font)
    return picture


@pytest.fixture(scope="module")
def page() -> Array:
    return ink.even(np.asarray(letter()))


@pytest.fixture(scope="module")
def tokens(page: Array) -> list[Token]:
    return tesseract.read(page, DPI)


def without_line(tokens: Iterable[Token], number: int) -> list[Token]:
    """As if the engine had stepped over a line."""
    words = list(tokens)
    line = list(dict.fromkeys(token.line for token in words))[number]
    return [token for token in words if token.line != line]


def drawn(page: Array, *shapes: tuple[str, tuple[int, ...], dict[str, int]]) -> Array:
    picture = Image.fromarray(page.copy())
    pen = ImageDraw.Draw(picture)
    for shape, place, how in shapes:
        getattr(pen, shape)(place, **how)
    return np.asarray(picture)


def written(page: Array, text: str, place: tuple[int, int], style: str = "Regular", size: int = 13) -> Array:
    picture = Image.fromarray(page.copy())
    ImageDraw.Draw(picture).text(place, text, fill=0, font=face(style, size))
    return np.asarray(picture)


def signed(page: Array) -> Array:
    """A block as a fax shows it: the seal black, its letters among those it lies on, a pen across all of it."""
    shapes = [("ellipse", (930 + r, 220 + r, 1210 - r, 500 - r), {"outline": 0, "width": 3}) for r in (0, 40)]
    pen = (935, 440, 980, 440, 990, 380, 1040, 390, 1100, 300, 1120, 300, 1110, 400, 1200, 420, 1350, 405)
    block = drawn(page, *shapes, ("line", pen, {"fill": 0, "width": 5}))
    block = written(block, "TM. BAN THƯỜNG VỤ", (965, 205), "Bold", 9)
    block = written(block, "CHỦ TỊCH", (1075, 245), "Bold", 9)
    return written(block, "Võ Hoàng Khải", (1040, 462), "Bold", 9)


class TestAgain:
    @pytest.mark.parametrize("number", [0, 4, 8])
    def test_puts_a_line_back_where_it_stands(self, page: Array, tokens: list[Token], number: int) -> None:
        found, share = again(page, without_line(tokens, number), DPI)

        assert fold(tesseract.as_text(found)).split() == fold(tesseract.as_text(tokens)).split()
        assert share == 1.0

    def test_reads_nothing_anew_where_nothing_is_left(self, page: Array, tokens: list[Token]) -> None:
        assert again(page, tokens, DPI) == (tokens, 1.0)

    def test_what_cannot_be_read_is_missing_from_the_share(self, page: Array, tokens: list[Token]) -> None:
        scrawl = np.where(np.random.default_rng(5).random((9, 225)) < 0.3, 0, 255).astype(np.uint8)
        blotted = page.copy()
        blotted[300:345, 200:1100] = np.kron(scrawl, np.ones((5, 4), np.uint8))

        found, share = again(blotted, tokens, DPI)

        assert found == tokens
        assert 0.5 < share < 0.95

    def test_reads_the_lines_above_and_below_a_black_seal_with_a_pen_across(
        self, page: Array, tokens: list[Token]
    ) -> None:
        found, _share = again(signed(page), tokens, DPI)

        text = tesseract.as_text(found)
        assert "THƯỜNG VỤ" in text
        assert text.index("THƯỜNG VỤ") < text.index("Khải") < text.index("Các công đoàn")

    @pytest.mark.parametrize("number", ["2", "7", "14", "-3-"])
    def test_reads_the_number_of_a_page(self, page: Array, tokens: list[Token], number: str) -> None:
        found, share = again(written(page, number, (A4[0] // 2 - 12, 150)), tokens, DPI)

        assert [token.text for token in found] == [number, *(token.text for token in tokens)]
        assert share == 1.0

    @pytest.mark.parametrize(("text", "place"), [("2", (300, 150)), ("2", (A4[0] // 2, 400)), ("x", (A4[0] // 2, 150))])
    def test_takes_no_other_letter_or_place_for_the_number_of_a_page(
        self, page: Array, tokens: list[Token], text: str, place: tuple[int, int]
    ) -> None:
        found, _share = again(written(page, text, place), tokens, DPI)

        assert found == tokens

    def test_a_number_alone_makes_no_page(self) -> None:
        blank = np.full(A4[::-1], 255, np.uint8)

        assert again(written(blank, "2", (A4[0] // 2 - 12, 150)), [], DPI) == ([], 1.0)

    def test_what_a_drawing_cannot_be_read_as_is_not_missed(self, page: Array, tokens: list[Token]) -> None:
        bands = [
            ("line", (x, y, x + 9, y + 24), {"fill": 0, "width": 4})
            for y in (250, 370, 490)
            for x in range(300, 1300, 12)
        ]
        frame = ("rectangle", (260, 200, 1400, 560), {"outline": 0, "width": 5})

        assert again(drawn(page, frame, *bands), tokens, DPI)[1] == 1.0


class TestPlacesOfNumber:
    def test_is_one_for_a_number_that_stands_alone(self, page: Array, tokens: list[Token]) -> None:
        numbered = written(page, "2", (A4[0] // 2 - 12, 150))

        assert len(places_of_number(without_words(numbered, tokens), DPI)) == 1

    def test_paper_with_dots_is_not_read_dot_by_dot(self, page: Array, tokens: list[Token]) -> None:
        places = [(x, y) for x in range(60, 1600, 40) for y in range(60, 240, 40)]
        dots = [("rectangle", (x, y, x + 11, y + 11), {"fill": 0}) for x, y in places]

        assert places_of_number(without_words(drawn(page, *dots), tokens), DPI) == []


class TestAreasOfText:
    @pytest.mark.parametrize(
        "shape",
        [
            ("line", (150, 400, 1500, 400), {"fill": 0, "width": 3}),
            ("rectangle", (150, 300, 1500, 420), {"outline": 0, "width": 4}),
            ("ellipse", (900, 200, 1200, 500), {"outline": 0, "width": 8}),
            ("line", (300, 300, 420, 380, 480, 310, 600, 390, 700, 300), {"fill": 0, "width": 5}),
            ("rectangle", (150, 300, 1500, 420), {"fill": 60}),
        ],
    )
    def test_rules_frames_seals_and_pens_are_none(
        self, page: Array, tokens: list[Token], shape: tuple[str, tuple[int, ...], dict[str, int]]
    ) -> None:
        assert areas_of_text(without_words(drawn(page, shape), tokens), DPI) == ([], [])

    def test_dots_to_write_on_are_none(self, page: Array, tokens: list[Token]) -> None:
        dots = [("rectangle", (x, 400, x + 2, 402), {"fill": 0}) for x in range(200, 1400, 9)]

        assert areas_of_text(without_words(drawn(page, *dots), tokens), DPI) == ([], [])


class TestReadFile:
    def test_a_pale_line_beside_dark_ones_is_read(self, tmp_path: Path) -> None:
        letter(PALE).save(tmp_path / "a.png", dpi=(DPI, DPI))

        (page,) = read_file(tmp_path / "a.png", scratch=tmp_path).pages

        assert PALE in page.text
        assert page.text.index(PALE) < page.text.index("Các công đoàn cơ sở")
        assert page.coverage == 1.0
        assert page.text.split() == [word.text for word in page.words]


class TestNeedsReview:
    @pytest.mark.parametrize(("share", "wanted"), [(1.0, False), (0.96, False), (0.9, True), (None, False)])
    def test_a_page_of_which_a_part_was_not_read_is_looked_at(self, share: float | None, wanted: bool) -> None:
        page = PageReading(1, "ocr", "Công", (Word("Công", 0.1, 0.1, 0.1, 0.1, 0.95),), 0.95, coverage=share)

        assert needs_review(page) is wanted
