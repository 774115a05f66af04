"""
What is asked of the archive, each need in several spellings.

Known items: somebody saw a paper and types six words of it, its title, its symbol, its number and year, or kind, office and month.
Clerks' needs are short; questions are long; both are graded by what was planted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from bench.relevance.archive import ASKERS
from bench.relevance.damage import TYPED, abbreviated, spelled_out
from bench.relevance.papers import Need
from bench.relevance.report import AS_TYPED
from core.symbols import normal_symbol
from core.vietnamese import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bench.relevance.archive import Archive
    from bench.relevance.papers import Paper

SPAN, TITLE_WORDS, MOST_ALIKE = 6, 9, 5
COUNTS = {"span": 110, "title": 60, "symbol": 60, "number": 40, "facts": 60}
_WORDS = re.compile(r"\w+")


def make_needs(archive: Archive, seed: int = 3, share: float = 1.0) -> list[Need]:
    """Every need as typed and in its other spellings; `share` of the known items only, for tests."""
    rnd = Random(seed)  # noqa: S311  # made the same each time, nothing is kept secret
    maker = _Maker(archive, rnd)
    made: list[Need] = []
    for kind, count in COUNTS.items():
        for base in getattr(maker, kind)(max(1, int(count * share))):
            made += [base, *_spellings(base, kind, rnd)]
    made += maker.graded()
    return made


def spans(papers: Sequence[Paper], rnd: Random, count: int) -> Iterator[Need]:
    """Six words as they stand in at most five of the papers."""
    folded = {paper.id: f" {' '.join(_WORDS.findall(fold(paper.clean)))} " for paper in papers}
    everything = "|".join(folded.values())
    seen: set[str] = set()
    while len(seen) < count:
        words = _WORDS.findall(rnd.choice(rnd.choice(papers).clean.split("\n")))
        at = rnd.randrange(max(1, len(words) - SPAN + 1))
        text = " ".join(words[at : at + SPAN])
        stretch = f" {fold(text)} "
        if len(words) >= SPAN and text not in seen and 0 < everything.count(stretch) <= MOST_ALIKE:
            seen.add(text)
            yield _need("span", len(seen), text, {pk: 1 for pk, body in folded.items() if stretch in body})


class _Maker:
    """Bases of known items, from papers the asker may read."""

    def __init__(self, archive: Archive, rnd: Random) -> None:
        self.archive, self.rnd = archive, rnd
        self.readable = [paper for paper in archive.papers.values() if set(paper.tokens) & set(ASKERS)]
        self.symbols = {paper.id: normal_symbol(paper.symbol) for paper in self.readable}

    def papers(self) -> Iterator[Paper]:
        while True:
            yield self.rnd.choice(self.readable)

    def span(self, count: int) -> Iterator[Need]:
        return spans(self.readable, self.rnd, count)

    def title(self, count: int) -> Iterator[Need]:
        """Its first nine words."""
        for number, paper in zip(range(count), self.papers(), strict=False):
            yield _need("title", number, _beginning(paper), self._alike(paper, _beginning))

    def symbol(self, count: int) -> Iterator[Need]:
        for number, paper in zip(range(count), self.papers(), strict=False):
            yield _need("symbol", number, paper.symbol, self._alike(paper, lambda one: self.symbols[one.id]))

    def number(self, count: int) -> Iterator[Need]:
        """Kind, number and year, as people cite: quyết định 15/2024."""
        for number, paper in zip(range(count), self.papers(), strict=False):
            text = f"{paper.type.lower()} {_number(paper)}/{_month(paper)[:4]}"
            grades = self._alike(paper, lambda one: (one.type, _number(one), _month(one)[:4]))
            yield _need("number", number, text, grades)

    def facts(self, count: int) -> Iterator[Need]:
        """Kind, office and month."""
        for number, paper in zip(range(count), self.papers(), strict=False):
            year, month = _month(paper).split("-")
            text = f"{paper.type} {paper.unit} tháng {int(month)} năm {year}"
            grades = self._alike(paper, lambda one: (one.type, one.unit, _month(one)))
            yield _need("facts", number, text, grades)

    def _alike(self, paper: Paper, key: Callable[[Paper], object]) -> dict[int, int]:
        wanted = key(paper)
        return {one.id: 1 for one in self.readable if key(one) == wanted}

    def graded(self) -> Iterator[Need]:
        """The subjects' needs: short ones with abbreviations and in other words, and long ones."""
        readable = {paper.id for paper in self.readable}
        for subject in self.archive.subjects:
            planted = self.archive.planted.get(subject.number, {})
            grades = {pk: grade for pk, grade in planted.items() if pk in readable}
            if not grades:
                continue
            short = _need("clerk", subject.number, subject.asked["Q"], grades)
            yield from [short, *_typed(short, "clerk", self.rnd)]
            yield varied(short, "clerk: abbreviated", subject.asked["A"])
            yield varied(short, "clerk: synonym", subject.asked["Y"])
            wanted = {pk: grade - 1 for pk, grade in grades.items() if grade > 1}  # it asks for more than a mention
            long = _need("question", subject.number, subject.asked["L"], wanted)
            yield from [long, *_typed(long, "question", self.rnd)]


def _need(kind: str, number: int, text: str, grades: dict[int, int]) -> Need:
    name = f"{kind}-{number}"
    return Need(name, name, f"{kind}: {AS_TYPED}", text, ASKERS, grades)


def varied(base: Need, name: str, text: str) -> Need:
    return replace(base, id=f"{base.base} {name}", slice=name, text=text)


def _spellings(base: Need, kind: str, rnd: Random) -> list[Need]:
    if kind == "symbol":
        return [varied(base, f"symbol: variant {place}", text) for place, text in enumerate(_symbols(base.text))]
    found = [*_typed(base, kind, rnd), *_shortened(base, kind)]
    return found + _dates(base) if kind == "facts" else found


def _typed(base: Need, kind: str, rnd: Random) -> Iterable[Need]:
    """Each way of typing that makes a difference."""
    texts = {name: change(base.text, rnd) for name, change in TYPED.items()}
    return [varied(base, f"{kind}: {name}", text) for name, text in texts.items() if text != base.text]


def _shortened(base: Need, kind: str) -> list[Need]:
    texts = {"abbreviated": abbreviated(base.text), "spelled out": spelled_out(base.text)}
    return [varied(base, f"{kind}: {name}", text) for name, text in texts.items() if text != base.text]


def _symbols(symbol: str) -> list[str]:
    number, _, sign = symbol.partition("/")
    first, _, organ = sign.partition("-")
    return [
        fold(symbol), f"{number} {first} {organ}", f"{number.zfill(3)}/{sign}", f"{number.lstrip('0')} {fold(sign)}",
        f"số {symbol}", f"{number}/{first} - {organ}",
    ]  # fmt: skip


_MONTH = re.compile(r"tháng (\d+) năm (\d{4})")


def _dates(base: Need) -> list[Need]:
    match = _MONTH.search(base.text)
    if match is None:
        return []
    month, year = int(match.group(1)), match.group(2)
    texts = [f"tháng {month}/{year}", f"{month}/{year}", f"{month:02d}/{year}", f"tháng {month:02d}-{year}"]
    return [
        varied(base, f"facts: date variant {place}", _MONTH.sub(text, base.text)) for place, text in enumerate(texts)
    ]


def _number(paper: Paper) -> str:
    return paper.symbol.partition("/")[0].lstrip("0")


def _month(paper: Paper) -> str:
    return (paper.date or "")[:7]


def _beginning(paper: Paper) -> str:
    return " ".join(paper.title.lower().split()[:TITLE_WORDS])
