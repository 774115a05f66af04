"""A bar of several parts. The sums are done here, so that templates hold no arithmetic and pages no inline style."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class Part:
    """How many of one kind: done, doing, got, late, back or none."""

    kind: str
    count: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part's place on the bar; `x` and `width` are written with a point, as SVG wants."""

    kind: str
    x: str
    width: str


def as_parts(values: Iterable[Any]) -> list[Part]:
    """Accept (kind, count), (kind, count, label) or objects with those attributes."""
    return [
        Part(*value) if isinstance(value, tuple) else Part(value.kind, value.count, str(getattr(value, "label", "")))
        for value in values
    ]


def slices(parts: Iterable[Part]) -> list[Slice]:
    """Lay the parts side by side on a bar 100 wide; empty parts take no room."""
    filled = [part for part in parts if part.count > 0]
    total = sum(part.count for part in filled)
    laid, x = [], 0.0
    for part in filled:
        width = part.count / total * WIDTH
        laid.append(Slice(part.kind, f"{x:.2f}", f"{width:.2f}"))
        x += width
    return laid
