"""A second look at a place adds what the page lost and mends what it misread."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from documents.ocr import PageReading, Word
from documents.ocr.merging import with_crop


def page(*words: Word) -> PageReading:
    return PageReading(1, "ocr", " ".join(word.text for word in words), words, 0.9, 595, 842)


def word(text: str, x: float, y: float = 0.8, conf: float = 0.95) -> Word:
    return Word(text, x, y, 0.05, 0.012, conf)


class TestWithCrop:
    def test_a_name_that_the_page_lost_stands_on_a_line_of_its_own(self) -> None:
        read = with_crop(page(word("CHỦ", 0.6)), [word("Bùi", 0.6, 0.9), word("Thanh", 0.66, 0.9), word("CHỦ", 0.6)])

        assert read.text == "CHỦ\n\nBùi Thanh"
        assert [w.text for w in read.words] == ["CHỦ", "Bùi", "Thanh"]

    def test_a_word_hardly_read_gives_way_to_the_surer_reading(self) -> None:
        read = with_crop(page(word("Fê", 0.6, conf=0.3), word("Hồng", 0.66)), [word("Lê", 0.605, conf=0.9)])

        assert read.text == "Lê Hồng"

    def test_a_word_read_well_stays(self) -> None:
        before = page(word("Lê", 0.6, conf=0.8))

        assert with_crop(before, [word("Lễ", 0.6, conf=0.99)]) == before

    def test_strokes_of_a_pen_are_no_words(self) -> None:
        before = page(word("CHỦ", 0.6))

        assert with_crop(before, [word("/", 0.7), word("Z", 0.8), word("xeu", 0.9, conf=0.4)]) == before

    @given(st.lists(st.tuples(*[st.floats(0, 1)] * 5), max_size=20), st.lists(st.tuples(*[st.floats(0, 1)] * 5)))
    def test_text_and_words_stay_in_step(self, first: list[tuple[float, ...]], second: list[tuple[float, ...]]) -> None:
        words = [Word(f"từ{at}", *place) for at, place in enumerate(first)]

        read = with_crop(page(*words), [Word(f"tên{at}", *place) for at, place in enumerate(second)])

        assert read.text.split() == [w.text for w in read.words]
