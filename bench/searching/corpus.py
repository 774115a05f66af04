"""Papers by the hundred thousand: usual sentences of invented offices, some 305 words each, the same ones each time."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from bench.relevance.archive import DAYS, FIRST_DAY, Writer
from core.symbols import normal_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORDS, POOL = 290, 20_000
TOKENS, TOKENS_EACH = 400, 5  # tokens that exist, tokens of a paper
TYPES, UNITS = 12, 60


class Corpus:
    """
    Fields as the feed hands them over.

    :param own: tokens of the person who searches: every second paper carries one of them
    """

    def __init__(self, count: int, own: Sequence[str], seed: int = 5) -> None:
        self.count, self.own, self.seed = count, own, seed
        self.rnd = Random(seed)  # noqa: S311  # made the same each time, nothing is kept secret
        self.writer = Writer(self.rnd)
        self.pool = [self.writer.filled(self.rnd.choice(self.writer.background)) for _sentence in range(POOL)]
        self.bytes = 0

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for pk in range(1, self.count + 1):
            fields = self._fields(pk)
            self.bytes += len(fields["title"].encode()) + len(fields["body"].encode())
            yield pk, fields

    def _fields(self, pk: int) -> dict[str, Any]:
        rnd = self.rnd
        day = FIRST_DAY + timedelta(days=rnd.randrange(DAYS))
        number = rnd.randrange(TYPES)
        kind, _, sign = self.writer.lists["type"][number].rpartition(" ")
        unit, title, symbol = rnd.randrange(UNITS), self.writer.title(), f"{rnd.randrange(1, 4000)}/{sign}-LĐLĐ"
        name = self.writer.units[unit]
        head = f"{name.upper()}\nSố: {symbol}\nngày {day:%d} tháng {day:%m} năm {day.year}\n{kind.upper()}\n{title}\n"
        return {
            "id": pk, "symbol": symbol, "symbol_norm": normal_symbol(symbol) or "", "type_id": number + 1, "type_name": kind,
            "unit_id": unit + 1, "unit_name": name, "year": day.year, "date": day.isoformat(), "day": day.toordinal(),
            "title": title, "body": head + self._body(), "tokens": self._tokens(), "issuer": name, "state": "IN_FORCE",
            "tags": [], "is_confirmed": True,
        }  # fmt: skip

    def _body(self) -> str:
        parts: list[str] = []
        words = 0
        while words < WORDS:
            parts.append(self.rnd.choice(self.pool))
            words += parts[-1].count(" ") + 1
        return "\n".join(parts)

    def _tokens(self) -> list[str]:
        others = [f"unit:{1000 + number}@0" for number in self.rnd.sample(range(TOKENS), TOKENS_EACH - 1)]
        return [self.rnd.choice(self.own), *others] if self.rnd.random() < 0.5 else others


def typical_queries(corpus: Corpus, count: int = 200) -> dict[str, list[str]]:
    """What people type, by how much it is: words and pairs of all frequencies."""
    rnd, writer = Random(corpus.seed + 1), corpus.writer  # noqa: S311  # made the same each time
    sentences = [writer.filled(rnd.choice(writer.background)).rstrip(".;") for _query in range(count)]

    def cut(sentence: str, size: int) -> str:
        words = sentence.split()
        at = rnd.randrange(max(1, len(words) - size))
        return " ".join(words[at : at + size])

    quarter = count // 4
    return {
        "one word": [rnd.choice([word for word in one.split() if len(word) > 2]) for one in sentences[:quarter]],
        "three words": [cut(one, 3) for one in sentences[quarter : 2 * quarter]],
        "six words": [cut(one, 6) for one in sentences[2 * quarter : 3 * quarter]],
        "title": [writer.title() for _query in range(count - 3 * quarter)],
    }  # fmt: skip
