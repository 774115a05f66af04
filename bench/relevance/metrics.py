"""How good a ranked list is, by the grades of its papers."""

from __future__ import annotations

from itertools import islice
from math import ceil, exp2, log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def ndcg(hits: Sequence[int], grades: Mapping[int, float], depth: int = 10) -> float:
    """Gain 2^grade - 1, halved, thirded … by log2 of the place, over the best possible order's."""
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain(grades.get(pk, 0) for pk in hits[:depth]) / best if best else 0.0


def _gain(grades: Iterable[float]) -> float:
    return sum((exp2(grade) - 1) / log2(place + 1) for place, grade in enumerate(grades, 1))


def reciprocal_rank(hits: Sequence[int], grades: Mapping[int, float], depth: int = 10) -> float:
    """One over the place of the first relevant hit, 0 beyond `depth`."""
    return next((1 / place for place, pk in enumerate(islice(hits, depth), 1) if grades.get(pk, 0) > 0), 0.0)


def recall(hits: Sequence[int], grades: Mapping[int, float], depth: int) -> float:
    """The share of the relevant papers that are among the first `depth`."""
    wanted = {pk for pk, grade in grades.items() if grade > 0}
    return len(wanted & set(hits[:depth])) / len(wanted) if wanted else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below or at which `share` of them lie."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
