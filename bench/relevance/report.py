"""Figures of each slice, and the gates that they must pass."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bench.relevance.metrics import mean, ndcg, percentile, recall, reciprocal_rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bench.relevance.papers import Need

AS_TYPED = "as typed"
RATIOS = {"no diacritics": (AS_TYPED, 0.97), "one typo": (AS_TYPED, 0.85), "Telex": ("no diacritics", 0.95)}
SYMBOL_MRR, QUESTION_LEAD, QUESTION_RECALL = 0.99, 0.03, 0.95


@dataclass(frozen=True, slots=True)
class Judged:
    """One need's figures."""

    need: Need
    ndcg: float
    rr: float
    recall10: float
    recall50: float
    is_empty: bool
    leaks: int
    ms: float

    @property
    def is_judged(self) -> bool:
        """Some paper is known to answer it."""
        return any(grade > 0 for grade in self.need.relevant.values())


def judged(need: Need, hits: list[int], ms: float, leaks: int = 0) -> Judged:
    grades = need.relevant
    return Judged(
        need=need, ndcg=ndcg(hits, grades), rr=reciprocal_rank(hits, grades), recall10=recall(hits, grades, 10),
        recall50=recall(hits, grades, 50), is_empty=not hits, leaks=leaks, ms=ms,
    )  # fmt: skip


def figures(rows: list[Judged]) -> dict[str, float]:
    """What is printed of a slice; how well it finds is told by the needs alone that some paper answers."""
    times = [row.ms for row in rows]
    told = [row for row in rows if row.is_judged]
    means = {
        "ndcg@10": mean([row.ndcg for row in told]), "mrr@10": mean([row.rr for row in told]),
        "recall@10": mean([row.recall10 for row in told]), "recall@50": mean([row.recall50 for row in told]),
        "empty": mean([float(row.is_empty) for row in rows]),
    }  # fmt: skip
    times_of = {"ms_p50": round(percentile(times, 0.5), 2), "ms_p95": round(percentile(times, 0.95), 2)}
    return {
        "n": len(rows), **{name: round(value, 4) for name, value in means.items()},
        "leaks": sum(row.leaks for row in rows), **times_of,
    }  # fmt: skip


def by_slice(rows: Iterable[Judged]) -> dict[str, dict[str, float]]:
    found: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        found[row.need.slice].append(row)
    return {name: figures(some) for name, some in found.items()}


@dataclass(frozen=True, slots=True)
class Gate:
    """A bar and what was reached."""

    name: str
    wanted: float
    reached: float
    passed: bool


def gates(rows: list[Judged], plain: Mapping[str, list[Judged]]) -> list[dict[str, Any]]:
    """The bars of the design, as far as the slices are there to hold against them."""
    found = [_ratio(rows, name, *bar) for name, bar in RATIOS.items()]
    found.append(_at_least("symbols: mrr", SYMBOL_MRR, [row.rr for row in rows if row.need.slice.startswith("symbol")]))
    asked = [row for row in rows if row.need.slice == f"question: {AS_TYPED}"]
    found.append(_at_least("questions: recall@50", QUESTION_RECALL, [row.recall50 for row in asked]))
    for name, others in plain.items():
        bar = mean([row.ndcg for row in others if row.need.slice == f"question: {AS_TYPED}"]) + QUESTION_LEAD
        found.append(_at_least(f"questions: ndcg@10 against {name}", bar, [row.ndcg for row in asked]))
    leaks = sum(row.leaks for row in rows)
    found.append(Gate("leaks", 0, leaks, passed=leaks == 0))
    return [asdict(gate) for gate in found if gate is not None]


def _at_least(name: str, wanted: float, values: list[float]) -> Gate | None:
    reached = mean(values)
    return Gate(name, round(wanted, 4), round(reached, 4), passed=reached >= wanted) if values else None


def _ratio(rows: list[Judged], name: str, other: str, wanted: float) -> Gate | None:
    """Recall of one spelling over that of another, for the needs that stand in both."""
    over = {_key(row.need): row.recall50 for row in rows if _spelling(row.need) == other}
    both = [
        (row.recall50, over[_key(row.need)]) for row in rows if _spelling(row.need) == name and _key(row.need) in over
    ]
    if not both or not sum(pair[1] for pair in both):
        return None
    reached = sum(pair[0] for pair in both) / sum(pair[1] for pair in both)
    return Gate(f"recall@50 {name} / {other}", wanted, round(reached, 4), passed=reached >= wanted)


def _key(need: Need) -> str:
    return need.base


def _spelling(need: Need) -> str:
    """`clerk: one typo` is a slice of the development set; other sets may name the spelling alone."""
    return need.slice.rpartition(": ")[2]


def behind(rows: list[Judged], others: list[Judged], margin: float = 0.0) -> list[str]:
    """Slices in which plain ranking is better."""
    ours, theirs = by_slice(rows), by_slice(others)
    return [name for name, row in ours.items() if theirs[name]["ndcg@10"] > row["ndcg@10"] + margin]
