"""What people type: words, "exact phrases", -not; garbage is text, nothing a person types is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.symbols import normal_symbol
from core.vietnamese import clean
from search.analysis import exact_words, folded_words

LONGEST_QUERY = 500
MOST_WORDS = 64
ALL_OF, MOST_OF = 2, 8
MOST_SHARE, LONG_SHARE = 0.67, 0.35
_PARTS = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]+)"|(?P<word>\S+))')


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; words folded, phrases as folded words, `symbol` where all of it is a number and symbol."""

    words: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()
    symbol: str | None = None
    text: str = field(default="", compare=False)

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.phrases or self.symbol)

    @property
    def must_match(self) -> int:
        """How many of the words a paper must hold: all of two, two thirds up to eight, a third of long questions."""
        count = len(set(self.words))
        if count <= ALL_OF:
            return count
        return int(count * (MOST_SHARE if count <= MOST_OF else LONG_SHARE))


def parse(text: str) -> Query:
    """Read what was typed."""
    text = clean(text)[:LONGEST_QUERY].strip()
    words: list[str] = []
    exact: list[str] = []
    phrases: list[tuple[str, ...]] = []
    excluded: list[str] = []
    for part in _PARTS.finditer(text):
        content = part["phrase"] or part["word"]
        folded = folded_words(content)
        if part["minus"]:
            excluded += folded
        elif part["phrase"] and len(folded) > 1:
            phrases.append(tuple(folded))
        else:
            words += folded
            exact += exact_words(content)
    return Query(
        words=tuple(words[:MOST_WORDS]), exact=tuple(exact[:MOST_WORDS]), phrases=tuple(phrases),
        excluded=tuple(excluded[:MOST_WORDS]), symbol=normal_symbol(text), text=text,
    )  # fmt: skip
