"""What people type: words, "exact phrases", -not, numbers and symbols; garbage is text, nothing a person types is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.symbols import normal_symbol, symbols_in
from core.vietnamese import clean
from search.analysis import exact_words, folded_words

LONGEST_QUERY = 500
MOST_WORDS = 64
ALL_OF, MOST_OF = 2, 8
MOST_SHARE, LONG_SHARE = 0.67, 0.35
_PARTS = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]+)"|(?P<word>\S+))')

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """
    A parsed query: words and phrases folded, words also exact.

    `symbols` are the numbers and symbols in it, in normal form. With `is_symbol` the whole query is one: only papers that
    bear it, or name it, answer.
    """

    words: Phrase = ()
    exact: Phrase = ()
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    symbols: tuple[str, ...] = ()
    is_symbol: bool = False
    text: str = field(default="", compare=False)

    @property
    def is_empty(self) -> bool:
        """Nothing was asked for: everything is listed, but for what is excluded."""
        return not self.text or (bool(self.excluded) and not self.is_answerable)

    @property
    def is_answerable(self) -> bool:
        """There is something to look for."""
        return bool(self.words or self.phrases or self.symbols)

    @property
    def must_match(self) -> int:
        """How many of the words a paper must hold: all of two, two thirds up to eight, a third of long questions."""
        count = len(set(self.words))
        if count <= ALL_OF:
            return count
        return int(count * (MOST_SHARE if count <= MOST_OF else LONG_SHARE))

    @property
    def marked(self) -> set[str]:
        """The words to mark in a snippet."""
        return {*self.words, *(word for phrase in self.phrases for word in phrase)}


def parse(text: str) -> Query:
    """Read what was typed."""
    text = clean(text)[:LONGEST_QUERY].strip()
    words: list[str] = []
    exact: list[str] = []
    phrases: list[Phrase] = []
    excluded: list[Phrase] = []
    for part in _PARTS.finditer(text):
        content = part["phrase"] or part["word"]
        folded = folded_words(content)
        if part["minus"] and folded:
            excluded.append(tuple(folded))
        elif part["phrase"] and len(folded) > 1:
            phrases.append(tuple(folded))
        else:
            words += folded
            exact += exact_words(content)
    symbols, is_symbol = _symbols(text)
    return Query(
        words=tuple(words[:MOST_WORDS]), exact=tuple(exact[:MOST_WORDS]), phrases=tuple(phrases),
        excluded=tuple(excluded[:MOST_WORDS]), symbols=symbols, is_symbol=is_symbol, text=text,
    )  # fmt: skip


def _symbols(text: str) -> tuple[tuple[str, ...], bool]:
    """
    The symbols in a query, and whether it is one and nothing else.

    "02 ngay lam viec" has the shape of one, too: such a guess may find a paper by its number, but shuts none out.
    """
    found, whole = symbols_in(text), normal_symbol(text)
    guessed = [whole] if whole and whole not in found else []
    return (*found, *guessed), whole in found
