"""What a query is once it was read: alternatives of words, phrases and beginnings; conditions; what is not wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Literal

from search.backends.base import Filters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from search.backends.base import Neighbours

ALL_OF, HALF_OF = 2, 8

Words = tuple[str, ...]
Kind = Literal["words", "phrase", "prefix", "not", "or", "condition"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side: folded, and as typed."""

    folded: Words
    exact: Words


@dataclass(frozen=True, slots=True)
class Spelling:
    """
    Another way to write a stretch of a clause's words, `start` to `end` (exclusive): ldld, liên đoàn lao động.

    One that is not sure (CĐ, KH: they have other readings) may raise a rank, but finds nothing by itself.
    """

    start: int
    end: int
    words: Words
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """
    Everything between two ORs: all phrases and beginnings, and most of the words.

    `symbols` are the numbers and symbols in it, in normal form. With `is_symbol` the whole clause is one: only papers that
    bear it, or name it, answer. `bonds` tells how firmly neighbours belong together, by both joined as they are indexed.
    """

    words: Words = ()
    exact: Words = ()
    phrases: tuple[Phrase, ...] = ()
    prefixes: Words = ()
    symbols: tuple[str, ...] = ()
    is_symbol: bool = False
    spellings: tuple[Spelling, ...] = ()
    bonds: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_answerable(self) -> bool:
        """There is something to look for."""
        return bool(self.words or self.phrases or self.prefixes or self.symbols)

    @property
    def has_marks(self) -> bool:
        """Some word was typed with a tone, a hat or a đ: `exact` says more than `words`."""
        return not all(word.isascii() for word in self.exact)

    @property
    def neighbours(self) -> list[Neighbours]:
        """Words side by side, and those that would be, had a stretch been written otherwise."""
        return list(
            dict.fromkeys([*pairwise(self.words), *(two for one in self.spellings for two in self._around(one))])
        )

    def _around(self, spelling: Spelling) -> Iterable[Neighbours]:
        before, after = self.words[: spelling.start][-1:], self.words[spelling.end :][:1]
        return pairwise([*before, *spelling.words, *after])

    @property
    def must_match(self) -> int:
        """
        How many of the words a paper must hold: all of two, half of eight, any of a long question.

        Most papers hold a quarter of a long question's syllables by chance: counting them costs the engine more than all else
        and shuts nothing out.
        """
        count = len(set(self.words))
        if count <= ALL_OF:
            return count
        return ceil(count / 2) if count <= HALF_OF else 1


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the typed text, for showing the query back: where it stands, and how it was understood."""

    kind: Kind
    start: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: any of the clauses, none of the excluded phrases, and what the conditions ask for."""

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    filters: Filters = field(default_factory=Filters)
    text: str = field(default="", compare=False)
    parts: tuple[Part, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """No words to look for: everything is listed that the conditions allow."""
        return not self.is_answerable and (not self.text or bool(self.excluded) or self.filters != Filters())

    @property
    def is_answerable(self) -> bool:
        return any(clause.is_answerable for clause in self.clauses)

    @property
    def words(self) -> Words:
        return tuple(word for clause in self.clauses for word in clause.words)

    @property
    def marked(self) -> set[str]:
        """The folded words to mark in a snippet; a beginning ends in a star."""
        found: set[str] = set()
        for clause in self.clauses:
            found |= {*clause.words, *(f"{prefix}*" for prefix in clause.prefixes)}
            found |= {word for phrase in clause.phrases for word in phrase.folded}
            found |= {word for spelling in clause.spellings for word in spelling.words}
        return found

    def without(self, part: Part) -> str:
        """What was typed, less one piece."""
        return " ".join(f"{self.text[: part.start]} {self.text[part.end :]}".split())
