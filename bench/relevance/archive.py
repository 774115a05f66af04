"""
Papers of a union that does not exist, the same ones each time.

Some are about one of sixty subjects, some touch it, some mention it in passing: that is known because it was planted, and makes
the grades 3, 2 and 1. Everything else in a paper is what papers of offices are full of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.relevance.damage import abbreviated, scanned
from bench.relevance.papers import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
EVERYBODY, ASKERS = "unit:1@0", ["unit:1@0", "post:9", "user:9"]
FIRST_DAY, DAYS = date(2023, 1, 3), 1300
UNITS = 60
PLANTED = {3: 6, 2: 6, 1: 8}  # papers a subject has, by grade
SCANS = (0.0, 0.01, 0.03, 0.08)
SHORTENED, PUBLIC = 0.25, 0.85
_BRACES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Subject:
    """What papers may be about and how people ask for it, by kind of asking."""

    number: int
    title: str
    sentences: list[str]
    asked: dict[str, str]


@dataclass(slots=True)
class Archive:
    """The papers and what was planted in them: subject → paper → grade."""

    papers: dict[int, Paper] = field(default_factory=dict)
    planted: dict[int, dict[int, int]] = field(default_factory=dict)
    subjects: list[Subject] = field(default_factory=list)


def subjects() -> list[Subject]:
    blocks = [_block(block) for block in _text("subjects.txt").split("\n\n")]
    return [
        Subject(number, lines["T"][0], lines["S"], {key: lines[key][0] for key in "QAYL"})
        for number, lines in enumerate(filter(None, blocks))
    ]


def _block(text: str) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            lines.setdefault(line[0], []).append(line[2:])
    return lines


def _text(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def _lists(names: tuple[str, ...]) -> dict[str, list[str]]:
    lines = "\n".join(map(_text, names)).splitlines()
    rows = [line.split(": ", 1) for line in lines if line and not line.startswith("#")]
    return {name: words.split(" | ") for name, words in rows}


class Writer:
    """Fills the braces of a sentence; each paper has people, places and figures of its own."""

    def __init__(self, rnd: Random, lists: tuple[str, ...] = ("words.txt",)) -> None:
        self.rnd = rnd
        self.lists = _lists(lists)
        self.background = [line for line in _text("background.txt").splitlines() if not line.startswith("#")]
        self.units = [self._unit() for _unit in range(UNITS)]

    def filled(self, sentence: str) -> str:
        return _BRACES.sub(lambda match: self.word(match.group(1)), sentence)

    def word(self, name: str) -> str:
        made = getattr(self, f"_{name}", None)
        return made() if made else self.rnd.choice(self.lists[name])

    def day(self) -> date:
        return FIRST_DAY + timedelta(days=self.rnd.randrange(DAYS))

    def title(self) -> str:
        return f"{self._matter().capitalize()} tại {self._place()}"

    def _name(self) -> str:
        return f"{self.word('first')} {self.word('second')}"

    def _place(self) -> str:
        return f"{self.word('kind_of_place')} {self._name()}"

    def _person(self) -> str:
        return f"{self.word('family')} {self.word('middle')} {self.word('given')}"

    def _company(self) -> str:
        return f"{self.word('company_kind')} {self._name()}"

    def _unit(self) -> str:
        return f"{self.word('unit_kind')} {self._name()}"

    def _matter(self) -> str:
        return f"{self.word('matter_act')} {self.word('matter_what')} {self.word('matter_where')}"

    def _organ(self) -> str:
        return f"{self.word('type').rpartition(' ')[2]}-{self.word('short')}"

    def _date(self) -> str:
        return written(self.day(), self.rnd.randrange(3))

    def _year(self) -> str:
        return str(self.rnd.randrange(2021, 2031))

    def _month(self) -> str:
        return str(self.rnd.randrange(1, 13))

    def _small(self) -> str:
        return str(self.rnd.randrange(2, 30))

    def _count(self) -> str:
        return str(self.rnd.randrange(31, 4000))

    def _money(self) -> str:
        return f"{self.rnd.randrange(1, 90)}.{self.rnd.choice(['000', '500'])}.000"


def written(day: date, form: int) -> str:
    """A date as offices write it."""
    return [f"{day.day}/{day.month}/{day.year}", f"{day:%d/%m/%Y}", f"{day.day} tháng {day.month} năm {day.year}"][form]


def make_archive(size: int = 4000, seed: int = 7, shares: tuple[float, ...] = SCANS) -> Archive:
    """
    An archive of `size` papers.

    Every paper's number tells how it was scanned: the first of four is clean, the others lost 1, 3 and 8 % of their characters.
    """
    rnd = Random(seed)  # noqa: S311  # made the same each time, nothing is kept secret
    writer, archive = Writer(rnd), Archive(subjects=subjects())
    for pk, (subject, grade) in enumerate(_plan(archive.subjects, size, rnd), 1):
        archive.papers[pk] = _paper(pk, writer, subject, grade, shares[pk % len(shares)])
        if subject:
            archive.planted.setdefault(subject.number, {})[pk] = grade
    return archive


def _plan(known: list[Subject], size: int, rnd: Random) -> list[tuple[Subject | None, int]]:
    """Which papers are about what; small archives hold fewer subjects, each with all its papers."""
    each = sum(PLANTED.values())
    chosen = known[: max(1, size // (2 * each))]
    plan: list[tuple[Subject | None, int]] = [
        (subject, grade) for subject in chosen for grade, count in PLANTED.items() for _paper in range(count)
    ]
    plan += [(None, 0)] * (size - len(plan))
    rnd.shuffle(plan)
    return plan[:size]


def _paper(pk: int, writer: Writer, subject: Subject | None, grade: int, share: float) -> Paper:
    rnd = writer.rnd
    kind, _, sign = writer.word("type").rpartition(" ")
    unit, day = rnd.choice(writer.units), writer.day()
    symbol = f"{rnd.randrange(1, 900):02d}/{sign}-{'LĐLĐ' if unit.startswith('Liên') else writer.word('short')}"
    title = writer.filled(subject.title) if subject and grade == 3 else writer.title()
    text = "\n".join([*_head(unit, symbol, day, kind, title), *_sentences(writer, subject, grade)])
    clean = abbreviated(text) if rnd.random() < SHORTENED else text
    tokens = (
        [EVERYBODY, f"post:{rnd.randrange(20, 90)}"] if rnd.random() < PUBLIC else [f"unit:{rnd.randrange(2, 40)}@0"]
    )
    return Paper(pk, symbol, kind, unit, day.isoformat(), title, scanned(clean, share, rnd), tokens, clean)


def _head(unit: str, symbol: str, day: date, kind: str, title: str) -> Iterator[str]:
    yield unit.upper()
    yield f"Số: {symbol}"
    yield f"{' '.join(unit.split()[-2:])}, ngày {day:%d} tháng {day:%m} năm {day.year}"
    yield f"{kind.upper()}\n{title}"


def _sentences(writer: Writer, subject: Subject | None, grade: int) -> list[str]:
    """Nine to twelve usual ones, each in its own words, and those that were planted among them."""
    rnd = writer.rnd
    usual = [writer.filled(one) for one in rnd.sample(writer.background, rnd.randrange(8, 12))]
    for sentence in rnd.sample(subject.sentences, grade) if subject else []:
        usual.insert(rnd.randrange(1, len(usual)), writer.filled(sentence))
    return usual
