"""Snippets from the database's text, as plain pieces: whoever draws them escapes them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from core.vietnamese import fold, nfc, place_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH, BEFORE = 220, 30
BLANKS = re.compile(r"\s+")
LONGEST_WORD, LONGEST_PAGE, MOST_LETTERS = 60, 50_000, 400_000  # a book is not read to the end for one snippet

Piece = tuple[str, bool]  # plain text, and whether it is marked


@dataclass(frozen=True, slots=True)
class Wanted:
    """Folded words to mark, and the beginnings of others."""

    words: frozenset[str]
    prefixes: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> Wanted:
        """From a query's marked words, in which a beginning ends in a star."""
        starred = {word for word in words if word.endswith("*")}
        return cls(frozenset(words) - starred, tuple(sorted(word[:-1] for word in starred)))

    def found_in(self, folded: str) -> Iterator[re.Match[str]]:
        """Where they stand as whole words."""
        return _pattern(self.words, self.prefixes).finditer(folded)


@lru_cache(maxsize=64)
def _pattern(words: frozenset[str], prefixes: tuple[str, ...]) -> re.Pattern[str]:
    """One look through a text: going from word to word takes five times as long."""
    wanted = [*map(re.escape, sorted(words)), *(f"{re.escape(prefix)}\\w*" for prefix in prefixes)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)" if wanted else r"(?!)")


def spots(text: str, wanted: Wanted) -> Iterator[tuple[int, int, str]]:
    """Where wanted words stand in a text in NFC, from and to, with the folded word."""
    for match in wanted.found_in(_compared(text)):
        yield (*match.span(), match.group())


@lru_cache(maxsize=64)
def _compared(text: str) -> str:
    """A page is looked through for its snippet and again for its places."""
    return fold(place_tones(text))


def snippet(texts: Iterable[str], words: set[str], width: int = WIDTH) -> list[Piece]:
    """
    The stretch of a paper with most of the words, which are marked; its beginning where none stands.

    :param texts: its pages, looked through until one holds every word
    :param words: folded words of the query
    """
    best, wanted = Stretch("", []), Wanted.of(words)
    left = MOST_LETTERS
    for text in texts:
        stretch = Stretch.of(text[:LONGEST_PAGE], wanted, width)
        left -= len(stretch.text)
        if not best.text or stretch.worth > best.worth:
            best = stretch
        if left < 0 or best.worth >= len(words):
            break
    return best.pieces(width)


class Stretch:
    """The best part of one page."""

    def __init__(self, text: str, spots: list[tuple[int, int, str]], start: int = 0, worth: int = 0) -> None:
        self.text, self.spots, self.start, self.worth = text, spots, start, worth

    @classmethod
    def of(cls, text: str, wanted: Wanted, width: int) -> Stretch:
        """Find it: the window of `width` letters with most different words."""
        text = nfc(text)
        found = list(spots(text, wanted))
        start, worth, first = 0, 0, 0
        inside: Counter[str] = Counter()
        for place, (_left, right, word) in enumerate(found):
            inside[word] += 1
            while first < place and right - found[first][0] > width:
                inside[found[first][2]] -= 1
                first += 1
            here = sum(1 for count in inside.values() if count)
            if here > worth:
                start, worth = max(0, found[first][0] - BEFORE), here
        return cls(text, found, start, worth)

    def pieces(self, width: int) -> list[Piece]:
        """From a whole word to a whole word, on one line."""
        start = self._word_at(self.start) if self.start else 0
        wanted = min(len(self.text), start + width + BEFORE)
        blank = BLANKS.search(self.text, wanted, wanted + LONGEST_WORD)
        end = blank.start() if blank else wanted
        found = list(self._cut(start, end))
        found[0] = ("… " if start else "") + found[0][0].lstrip(), found[0][1]
        found[-1] = found[-1][0].rstrip() + (" …" if end < len(self.text) else ""), found[-1][1]
        return [piece for piece in found if piece[0]]

    def _word_at(self, place: int) -> int:
        """Where the word begins that stands there."""
        blanks = list(BLANKS.finditer(self.text, max(0, place - LONGEST_WORD), place))
        return blanks[-1].end() if blanks else max(0, place - LONGEST_WORD)

    def _cut(self, start: int, end: int) -> Iterator[Piece]:
        at = start
        for left, right, _word in self.spots:
            if start <= left and right <= end:
                yield self._plain(at, left), False
                yield self._plain(left, right), True
                at = right
        yield self._plain(at, end), False

    def _plain(self, start: int, end: int) -> str:
        return BLANKS.sub(" ", self.text[start:end])
