"""
How far a page's text is from the truth: characters, words, and words found without tone marks.

The truth of a page is blocks of lines: `hl` and `hr` beside each other at the top, `body`, `sl` and `sr` beside each other at
the end. No reader is blamed for the order in which it takes two columns: of the orders a person could read in, the nearest counts.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from glob import escape
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import Levenshtein

from core.vietnamese import fold, nfc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TYPED_ALIKE = str.maketrans({
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "…": "...", "•": "-", "|": " ", "\u00a0": " ",
    "\u200b": None, "\ufeff": None,
})  # fmt: skip
WORD = re.compile(r"[^\W_]+(?:[./-][^\W_]+)*")
PAGE = re.compile(r"p(\d+)")
Blocks = dict[str, list[str]]


class WrongTruth(Exception):
    """A file of truth, and what is wrong with it."""


@dataclass(slots=True)
class Counts:
    """What can be added up over pages."""

    chars: int = 0
    wrong_chars: int = 0
    words: int = 0
    wrong_words: int = 0
    listed: int = 0
    found: int = 0

    def add(self, other: Counts) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def rates(self) -> dict[str, float]:
        """In per cent; `recall` is the share of the truth's words that occur in the text, tone marks aside."""
        return {
            "cer": _percent(self.wrong_chars, self.chars),
            "wer": _percent(self.wrong_words, self.words),
            "recall": _percent(self.found, self.listed),
        }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 3) if whole else 0.0


def truths_of(file: Path) -> dict[int, Blocks]:
    """
    What stands on the pages of a scan, by page number.

    `L00.fax200.pdf` has its truth in `L00.fax200.gt.json` or `L00.gt.json`, all pages of it; one page alone in `04CT.p1.gt.json`.

    :raises WrongTruth: for one that is there and cannot be read
    """
    known: dict[int, Blocks] = {}
    stems = [file.name.split(".")[0], file.name.rpartition(".")[0]]
    for stem in dict.fromkeys(stems):
        for truth in sorted(file.parent.glob(f"{escape(stem)}.gt.json")):
            known |= dict(enumerate(_pages(truth), start=1))
        for truth in sorted(file.parent.glob(f"{escape(stem)}.p*.gt.json")):
            if number := PAGE.fullmatch(truth.name.removesuffix(".gt.json").rpartition(".")[2]):
                known[int(number[1])] = _pages(truth)[0]
    return known


def _pages(truth: Path) -> list[Blocks]:
    try:
        data: dict[str, Any] = json.loads(truth.read_text(encoding="utf-8"))
        pages = [page["blocks"] for page in data["pages"]] if "pages" in data else [data]
        for blocks in (pages[0], *pages):
            next(orders(blocks))
    except (ValueError, LookupError, TypeError, AttributeError, OSError) as error:
        raise WrongTruth(f"{truth}: {type(error).__name__}: {error}") from error
    return pages


def score(blocks: Blocks, text: str) -> Counts:
    """Hold a page's text against its truth."""
    got = plain(text)
    want = min(orders(blocks), key=lambda order: Levenshtein.distance(order, got))
    listed, had = _bag(want), _bag(got)
    return Counts(
        chars=len(want), wrong_chars=Levenshtein.distance(want, got),
        words=len(want.split()), wrong_words=Levenshtein.distance(want.split(), got.split()),
        listed=listed.total(), found=(listed & had).total(),
    )  # fmt: skip


def plain(text: str) -> str:
    """One form of quotes, dashes and spaces: the difference is the typist's, not the reader's."""
    return " ".join(nfc(text).translate(TYPED_ALIKE).split())


def orders(blocks: Blocks) -> Iterator[str]:
    """The orders in which a person could read the page."""
    for top in _columns(blocks.get("hl", []), blocks.get("hr", [])):
        for end in _columns(blocks.get("sl", []), blocks.get("sr", [])):
            yield plain("\n".join([*top, *blocks.get("body", []), *end]))


def _columns(left: Sequence[str], right: Sequence[str]) -> list[list[str]]:
    if not left and not right:
        return [[]]
    by_turns = [line for pair in zip_longest(left, right) for line in pair if line]
    return [[*left, *right], by_turns, [*right, *left]]


def _bag(text: str) -> Counter[str]:
    return Counter(WORD.findall(fold(text)))
