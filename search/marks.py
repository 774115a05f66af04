"""
Where the words of a query stand on the pages of a paper: as they are written there, and in which boxes.

Everything is computed from the text that was read, with the analysis that found the paper: old tone placement, no tones, a
beginning with a star are all the same word. What is handed to the page are the forms that stand there, never what was typed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from core.vietnamese import nfc
from documents.ocr import boxes
from search.highlight import Wanted, spots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from documents.models import Page
    from documents.ocr import Box, Word

MOST_LETTERS = 200_000  # of one paper in a list; the paper itself is gone through to its end
MOST_BOXES, MOST_FORMS = 1_000, 200
NEAR_LETTERS, MOST_NEAR = 120, 60  # some two lines, and the runs on them
_BREAK = re.compile(r"[\w.;:!?]")
_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbours in a text that are all words of the query: from a letter to another, and the folded words."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A page with words of the query."""

    page: Page
    text: str
    runs: tuple[Run, ...]

    @property
    def worth(self) -> tuple[int, int]:
        """How many different words stand there, and how many side by side."""
        return len({word for run in self.runs for word in run.words}), max(len(run.words) for run in self.runs)

    @property
    def best_run(self) -> Run:
        """Where most of the words stand near each other, best side by side; the first of equals."""
        near = {run: self._words_from(at) for at, run in enumerate(self.runs)}
        return max(self.runs, key=lambda run: (near[run], len(set(run.words)), -run.start))

    def _words_from(self, at: int) -> int:
        """How many different words stand in a run and the few lines behind it."""
        last = self.runs[at].start + NEAR_LETTERS
        near = takewhile(lambda run: run.start < last, islice(self.runs, at, at + MOST_NEAR))
        return len({word for run in near for word in run.words})


def places_of(pages: Iterable[Page], words: set[str], most_letters: int | None = None) -> list[Place]:
    """
    The pages with words of the query, in order.

    A syllable that stands beside another one of the query's somewhere in the paper does not count where it stands alone: alone
    it says little (search.md 1, decision 3), and “đến” would be on every line.
    """
    wanted, found, seen = Wanted.of(words), list[Place](), 0
    for page in pages:
        if most_letters is not None and seen >= most_letters:
            break
        text = nfc(page.text)
        found.append(Place(page, text, tuple(_runs(text[: most_letters and most_letters - seen], wanted))))
        seen += len(text)
    together = {word for place in found for run in place.runs if len(run.words) > 1 for word in run.words}
    kept = [Place(one.page, one.text, tuple(_telling(one.runs, together))) for one in found]
    return [place for place in kept if place.runs]


def runs_in(text: str, words: set[str]) -> list[Run]:
    """Every run of the query's words in a short text, such as a title."""
    return list(_runs(text, Wanted.of(words)))


def _runs(text: str, wanted: Wanted) -> Iterator[Run]:
    run: Run | None = None
    for left, right, word in spots(text, wanted):
        if run and not _BREAK.search(text, run.end, left):
            run = Run(run.start, right, (*run.words, word))
            continue
        if run:
            yield run
        run = Run(left, right, (word,))
    if run:
        yield run


def _telling(runs: Iterable[Run], together: set[str]) -> Iterator[Run]:
    return (run for run in runs if len(run.words) > 1 or run.words[0] not in together)


def best_place(places: Sequence[Place]) -> Place | None:
    """The page to open the paper at: most of the words, best side by side; the first of equals."""
    return max(places, key=lambda place: place.worth, default=None)


def forms_in(places: Iterable[Place]) -> list[str]:
    """The surface forms that stand in the texts, most frequent first, line by line as a page's text layer has them."""
    counts: Counter[str] = Counter()
    for place in places:
        for run in place.runs:
            counts.update(" ".join(line.split()) for line in place.text[run.start : run.end].splitlines())
    return [form for form, _count in counts.most_common(MOST_FORMS) if form]


def boxes_in(place: Place) -> list[Box]:
    """Boxes around the runs of a page, one a line; none where the page's words have no places."""
    page = place.page
    try:
        words = boxes.unpack(bytes(page.boxes), page.text)
    except boxes.BoxesDamaged:
        return []
    starts = [token.start() for token in _TOKEN.finditer(place.text)]
    return [box for run in place.runs for box in _lines(_boxes_of(run, starts, words))]


def _boxes_of(run: Run, starts: Sequence[int], words: Sequence[Word]) -> list[Box]:
    first, last = bisect_right(starts, run.start) - 1, bisect_right(starts, run.end - 1)
    return [(word.x, word.y, word.w, word.h) for word in words[max(0, first) : last]]


def _lines(words: Sequence[Box]) -> list[Box]:
    """Words that follow each other on a line become one box."""
    lines: list[Box] = []
    for x, y, w, h in words:
        if lines and _is_beside(lines[-1], (x, y, w, h)):
            left, top, wide, tall = lines[-1]
            upper = min(top, y)
            lines[-1] = (left, upper, max(left + wide, x + w) - left, max(top + tall, y + h) - upper)
        else:
            lines.append((x, y, w, h))
    return lines


def _is_beside(line: Box, word: Box) -> bool:
    middle = word[1] + word[3] / 2
    return line[1] <= middle <= line[1] + line[3] and word[0] >= line[0]
