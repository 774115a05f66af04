"""Which known person a badly read line names: seal and pen lie over names, and an office knows who may sign (extraction.md 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from documents.extraction.text import fold, normal, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST = 0.68  # how like a name a line must be
LEAD = 0.07  # by how much the likeliest name must be liker than any other
_LOOKED_AT, _ROUGHLY = 24, 60
_TONE, _CASE, _LOOKS, _OTHER = 0.25, 0.2, 0.6, 1.0
_STRAY = 0.04  # what a letter before or behind the name costs: of two names that fit the longer one explains more
# Letters that seal and pen turn into each other, folded.
_LOOK_ALIKE = ("ILT1J", "UVNH", "OCQGDE", "EFK", "HKMN", "VYX", "BRPS", "AX", "TY")


@dataclass(frozen=True, slots=True)
class Likeliest:
    """A known name, how like it a line is (0 to 1), and which of the lines."""

    name: str
    likeness: float
    line: int


def likeliest(lines: Sequence[str], signers: Iterable[str]) -> Likeliest | None:
    """The one known person whom one of these lines names; None where two are about as likely."""
    best: dict[str, Likeliest] = {}
    for at, line in enumerate(lines):
        for name, likeness in _likenesses(squeezed(normal(line)), tuple(signers)):
            if name not in best or likeness > best[name].likeness:
                best[name] = Likeliest(name, likeness, at)
    ranked = sorted(best.values(), key=lambda found: -found.likeness)
    if not ranked or ranked[0].likeness < LEAST:
        return None
    if len(ranked) > 1 and ranked[0].likeness - ranked[1].likeness < LEAD:
        return None
    return ranked[0]


def _likenesses(line: str, signers: Sequence[str]) -> list[tuple[str, float]]:
    """The names that a line is at all like, by letters first, then exactly."""
    known = {name: fold(name) for name in signers}
    near = process.extract(fold(line), known, scorer=fuzz.partial_ratio, limit=_LOOKED_AT, score_cutoff=_ROUGHLY)
    return [(name, _likeness(line, name)) for _, _, name in near]


def _likeness(line: str, name: str) -> float:
    """1 minus what turning a piece of the line into the name costs, by the name's letters."""
    line, name = line.replace(" ", ""), name.replace(" ", "")
    costs = [at * _STRAY for at in range(len(line) + 1)]
    for wanted in name:
        above, costs = costs, [costs[0] + 1]
        for at, read in enumerate(line):
            costs.append(min(above[at] + _cost(read, wanted), above[at + 1] + 1, costs[at] + 1))
    least = min(cost + (len(line) - at) * _STRAY for at, cost in enumerate(costs))
    return max(0.0, 1 - least / len(name))


def _cost(read: str, wanted: str) -> float:
    if read == wanted:
        return 0.0
    first, second = fold(read), fold(wanted)
    if first == second:
        return _CASE if read.lower() == wanted.lower() else _TONE
    return _LOOKS if any(first in group and second in group for group in _LOOK_ALIKE) else _OTHER
