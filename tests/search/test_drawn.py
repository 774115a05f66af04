"""What is drawn by code is escaped where it is put in."""

from __future__ import annotations

from search.drawn import boxes, marked
from search.filters import Option

HOSTILE = "<b>\"'&"


class TestMarked:
    def test_words_stand_in_marks_and_nothing_else_does(self) -> None:
        assert marked([("theo ", False), ("kế hoạch", True)]) == "theo <mark>kế hoạch</mark>"

    def test_hostile_words_are_text(self) -> None:
        assert marked([(HOSTILE, False), (HOSTILE, True)]).count("<b>") == 0


class TestBoxes:
    def test_name_what_they_choose(self) -> None:
        drawn = boxes("loai", [Option("loai-1", "3", "Kế hoạch", 1234, is_chosen=True)])

        assert drawn == (
            '<label><input type="checkbox" id="loai-1" name="loai" value="3" form="search-form" checked>'
            '<span>Kế hoạch</span><span class="v-facets__count">1.234</span></label>'
        )

    def test_of_what_the_words_ask_for_cannot_be_changed(self) -> None:
        drawn = boxes("loai", [Option("loai-1", "3", "Kế hoạch", 1, is_chosen=True, is_typed=True)])

        assert '<input type="checkbox" id="loai-1" checked disabled>' in drawn

    def test_hostile_words_are_text(self) -> None:
        for is_typed in (False, True):
            drawn = boxes(HOSTILE, [Option(HOSTILE, HOSTILE, HOSTILE, 1, is_chosen=False, is_typed=is_typed)])

            assert "<b>" not in drawn
            assert "\"'" not in drawn
