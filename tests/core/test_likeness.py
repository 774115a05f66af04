"""How alike two texts are: what two readings of one page, and two pages, come to."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.likeness import BANDS, bands_of, likeness, minima_of

WORDS = [first + rest for first in "bcdghklmnprstvx" for rest in ("a", "ang", "inh", "oan", "uyet", "ieu", "oc", "ay")]


def text(words: int, seed: int = 1) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)  # noqa: S311  # a text, no secret


def misread(words: list[str], share: float, seed: int = 2) -> list[str]:
    chance = random.Random(seed)  # noqa: S311
    return [word + "x" if chance.random() < share else word for word in words]


def prints(*texts: list[str]) -> list[bytes]:
    return [minima_of([" ".join(words)]) for words in texts]


class TestLikeness:
    def test_of_a_text_with_itself_is_one_however_it_is_written(self) -> None:
        one = minima_of(["Thực hiện Nghị quyết của Ban Chấp hành, các cấp công đoàn " + " ".join(text(60))])
        other = minima_of(["THUC HIEN NGHI QUYET\ncua Ban chap hanh – cac cap cong doan " + " ".join(text(60))])

        assert likeness(one, other) == 1.0

    @pytest.mark.parametrize("share", [0.0, 0.1, 0.3])
    def test_is_near_the_share_of_runs_in_common(self, share: float) -> None:
        words = text(600)
        one, other = prints(words, misread(words, share))
        kept = (1 - share) ** 3

        assert likeness(one, other) == pytest.approx(kept / (2 - kept), abs=0.13)

    def test_of_other_texts_is_small(self) -> None:
        one, other = prints(text(600), text(600, seed=9))

        assert likeness(one, other) < 0.05

    def test_of_a_text_that_has_too_few_words_is_nothing(self) -> None:
        short = minima_of(["Phiếu gửi kèm một văn bản"])

        assert (short, bands_of(short), likeness(short, short)) == (b"", [], 0.0)

    def test_does_not_depend_on_how_the_text_is_cut_into_pages_but_at_the_cuts(self) -> None:
        words = text(400)

        whole, halves = minima_of([" ".join(words)]), minima_of([" ".join(words[:200]), " ".join(words[200:])])

        assert likeness(whole, halves) > 0.95


class TestBands:
    def test_are_shared_by_two_readings_of_one_page_and_not_by_two_papers(self) -> None:
        """Twenty papers and a bad reading of each: every pair is found, and hardly a stranger."""
        papers = [text(300, seed=number) for number in range(20)]
        first = [set(bands_of(one)) for one in prints(*papers)]
        second = [set(bands_of(one)) for one in prints(*(misread(words, 0.05) for words in papers))]

        found = {(i, j) for i, one in enumerate(first) for j, other in enumerate(second) if one & other}

        assert found == {(number, number) for number in range(20)}

    @given(st.lists(st.text(max_size=40), max_size=12))
    def test_fit_the_database_whatever_the_text(self, parts: list[str]) -> None:
        bands = bands_of(minima_of(parts))

        assert len(bands) <= BANDS
        assert all(-(2**31) <= band < 2**31 for band in bands)
