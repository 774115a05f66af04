"""
Articles of laws of a state that does not exist, and long questions of people who have never read one.

Every article is about one thing, one detail of it, one side of it (hours, fines, papers to bring …) and perhaps one group of
people. Its law holds others on the same thing, the same detail and the same side, made of the same words; so a question must be
told by how its words go together, not by the words alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.relevance.archive import ASKERS, EVERYBODY, PUBLIC, SCANS, Writer
from bench.relevance.damage import TYPED, abbreviated, scanned, spelled_out
from bench.relevance.needs import spans, varied
from bench.relevance.papers import Need, Paper
from bench.relevance.report import AS_TYPED

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ARTICLES, QUESTIONS, SPANS = 6000, 240, 60
HALVES = ("dev", "check")
EXACT, OTHER_GROUP = 3, 1
COLLOQUIAL = 0.5
_BRACES = re.compile(r"\{(\w+~?)\}")
_LOOSE, _NO_JOINT = re.compile(r" ([,:;])"), re.compile(" – ")


@dataclass(frozen=True, slots=True)
class Said:
    """How laws write something, and how people say it."""

    written: str
    said: str

    @classmethod
    def of(cls, text: str) -> Said:
        written, _, said = text.partition(" ~ ")
        return cls(written.strip(), said.strip() or written.strip())


@dataclass(frozen=True, slots=True)
class Thing:
    """What articles are about, with its details; `law` is its law's number, `people` those that the law speaks of."""

    law: int
    name: Said
    details: list[Said]
    title: str
    people: dict[str, Said]


@dataclass(frozen=True, slots=True)
class Side:
    """What may be said of any thing: its conditions, its fines …"""

    name: str
    titles: list[str]
    sentences: list[str]
    questions: list[str]
    short: str
    other_words: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What one article is about."""

    thing: Thing
    detail: Said
    side: Side
    group: Said | None


@dataclass(slots=True)
class Code:
    """All articles, and what each is about."""

    papers: dict[int, Paper] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)


def things() -> list[Thing]:
    found: list[Thing] = []
    for number, block in enumerate(_blocks("laws.txt")):
        title, *people = block[0].removeprefix("= ").split(" | ")
        known = dict(zip(("who", "other", "judge"), map(Said.of, people), strict=True))
        for line in block[1:]:
            name, details = line.split(" : ")
            found.append(Thing(number, Said.of(name), [Said.of(one) for one in details.split(" | ")], title, known))
    return found


def sides() -> list[Side]:
    return [_side(block) for block in _blocks("articles.txt")]


def _side(block: list[str]) -> Side:
    lines: dict[str, list[str]] = {}
    for line in block:
        lines.setdefault(line[0], []).append(line[2:])
    return Side(lines["N"][0], lines["T"], lines["S"], lines["Q"], lines["K"][0], lines["W"][0])


def _blocks(name: str) -> list[list[str]]:
    lines = [line for line in (HERE / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    blocks = "\n".join(lines).strip().split("\n\n")
    return [block.strip().split("\n") for block in blocks]


class Drafter(Writer):
    """Fills sentences about a topic; what stands behind `~` as people say it."""

    def __init__(self, rnd: Random, known: list[Thing]) -> None:
        super().__init__(rnd, ("words.txt", "phrases.txt"))
        self.things = known
        self.groups = [Said.of(text) for text in self.lists["group"]]

    def about(self, sentence: str, topic: Topic, share: float = 1.0) -> str:
        """:param share: how often people say a thing in their own words where they may"""
        facts = self._facts(topic)
        filled = _BRACES.sub(lambda match: self._put(match.group(1), facts, share), sentence)
        return _NO_JOINT.sub(" ", _LOOSE.sub(r"\1", filled))

    def _put(self, name: str, facts: dict[str, Said], share: float) -> str:
        fact = facts.get(name.rstrip("~"))
        if fact is None:
            return self.filled(self.word(name))
        return fact.said if name.endswith("~") and self.rnd.random() < share else fact.written

    def _facts(self, topic: Topic) -> dict[str, Said]:
        thing = topic.thing
        near = [one.name for one in self.things if one.law == thing.law and one is not thing]
        beside = [one for one in thing.details if one is not topic.detail]
        return {
            **thing.people, "thing": thing.name, "detail": topic.detail, "near": self.rnd.choice(near),
            "beside": self.rnd.choice(beside), "group": topic.group or self.rnd.choice(self.groups),
        }  # fmt: skip

    def article(self, number: int, topic: Topic) -> tuple[str, str]:
        """Its title, and its text in numbered clauses."""
        first, *rest = topic.side.sentences
        rest += self.rnd.sample(self.lists["about"], 2) + self.rnd.sample(self.lists["common"], 4)
        rest += [self.rnd.choice(self.lists["grouped"])] if topic.group else []
        self.rnd.shuffle(rest)
        title = self.about(self.rnd.choice(topic.side.titles), topic)
        lines = [capital(self.about(one, topic)) for one in [first, *rest]]
        head = f"Điều {number}. {title}"
        return head, "\n".join([head, *(f"{place}. {line}" for place, line in enumerate(lines, 1))])


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def make_code(size: int = ARTICLES, seed: int = 11) -> Code:
    """`size` articles at most, the same ones each time; scanned like the papers of the archive."""
    rnd = Random(seed)  # noqa: S311  # made the same each time, nothing is kept secret
    drafter, code = Drafter(rnd, things()), Code()
    for pk, topic in enumerate(_topics(drafter, size), 1):
        code.papers[pk] = _paper(pk, drafter, topic)
        code.topics[pk] = topic
    return code


def _topics(drafter: Drafter, size: int) -> list[Topic]:
    """Every side of every detail, for everybody first, then for groups of people."""
    plain = [
        Topic(thing, detail, side, None) for thing in drafter.things for detail, side in product(thing.details, sides())
    ]
    grouped = [Topic(one.thing, one.detail, one.side, group) for one in plain for group in drafter.groups]
    drafter.rnd.shuffle(plain)
    drafter.rnd.shuffle(grouped)
    found = [*plain, *grouped][:size]
    drafter.rnd.shuffle(found)
    return found


def _paper(pk: int, drafter: Drafter, topic: Topic) -> Paper:
    rnd = drafter.rnd
    title, text = drafter.article(rnd.randrange(1, 240), topic)
    tokens = [EVERYBODY] if rnd.random() < PUBLIC else [f"unit:{rnd.randrange(2, 40)}@0"]
    symbol = f"{topic.thing.law + 31}/2024/QH15"
    damaged = scanned(text, SCANS[pk % len(SCANS)], rnd)
    return Paper(pk, symbol, "Luật", "Quốc hội", "2024-06-29", title, damaged, tokens, text)


# --- what is asked --------------------------------------------------------------------------------------------------------


def make_law_needs(code: Code, half: str | None = None, seed: int = 5, share: float = 1.0) -> list[Need]:
    """
    Questions, short needs and stretches of six words, each in all spellings.

    :param half: `dev` or `check`: of every second law, so that what was tuned on the one can be checked on the other
    """
    rnd = Random(seed)  # noqa: S311  # made the same each time, nothing is kept secret
    drafter = Drafter(rnd, things())
    readable = [pk for pk, paper in code.papers.items() if set(paper.tokens) & set(ASKERS)]
    chosen = rnd.sample(readable, min(len(readable), 2 * int(QUESTIONS * share)))
    made = [*_asked(code, chosen, drafter), *_spans(code, readable, rnd, int(2 * SPANS * share))]
    wanted = None if half is None else HALVES.index(half)
    return [need for law, need in made if wanted is None or law % len(HALVES) == wanted]


def _asked(code: Code, chosen: list[int], drafter: Drafter) -> Iterator[tuple[int, Need]]:
    alike = _alike(code)
    for number, pk in enumerate(chosen):
        topic = code.topics[pk]
        grades = dict.fromkeys(alike[_key(topic)], EXACT)
        short = drafter.about(topic.side.short, topic)
        other = drafter.about(topic.side.other_words, topic)
        needs = _spelled("clerk", number, short, grades, drafter.rnd)
        needs.append(varied(needs[0], "clerk: synonym", other))
        sentence = drafter.rnd.choice(topic.side.questions)
        if topic.group and "{group" in sentence:
            grades = {one: EXACT if code.topics[one].group is topic.group else OTHER_GROUP for one in grades}
        question = capital(drafter.about(sentence, topic, COLLOQUIAL))
        yield from _each(topic, [*_spelled("question", number, question, grades, drafter.rnd), *needs])


def _each(topic: Topic, needs: list[Need]) -> Iterator[tuple[int, Need]]:
    return ((topic.thing.law, need) for need in needs)


def _key(topic: Topic) -> tuple[str, str, str]:
    return topic.thing.name.written, topic.detail.written, topic.side.name


def _alike(code: Code) -> dict[tuple[str, str, str], list[int]]:
    """Articles on the same side of the same detail, for whichever group; those that askers may read."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for pk, topic in code.topics.items():
        if set(code.papers[pk].tokens) & set(ASKERS):
            found.setdefault(_key(topic), []).append(pk)
    return found


def _spans(code: Code, readable: list[int], rnd: Random, count: int) -> Iterator[tuple[int, Need]]:
    papers = [code.papers[pk] for pk in readable]
    for base in spans(papers, rnd, count):
        topic = code.topics[next(iter(base.relevant))]
        yield from _each(topic, [base, *_typed(base, "span", rnd)])


def _spelled(kind: str, number: int, text: str, grades: dict[int, int], rnd: Random) -> list[Need]:
    base = _need(kind, number, text, grades)
    return [base, *_typed(base, kind, rnd)]


def _typed(base: Need, kind: str, rnd: Random) -> list[Need]:
    texts = {name: change(base.text, rnd) for name, change in TYPED.items()}
    texts |= {"abbreviated": abbreviated(base.text), "spelled out": spelled_out(base.text)}
    return [varied(base, f"{kind}: {name}", text) for name, text in texts.items() if text != base.text]


def _need(kind: str, number: int, text: str, grades: dict[int, int]) -> Need:
    name = f"{kind}-{number}"
    return Need(name, name, f"{kind}: {AS_TYPED}", text, ASKERS, grades)
