"""Whether a field is right, and whether its confidence was honest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from documents.extraction import SURE
from documents.extraction.text import normal, similar, squeezed, toneless_order

ALIKE = {"issuer": 0.97, "subject": 0.92, "authority": 0.9, "signer_title": 0.95}
# Shares that issue and design ask for.
GATES = {
    "number_symbol": 0.97, "issuer": 0.97, "date": 0.97, "type": 0.97, "subject": 0.92, "authority": 0.92, "signer_title": 0.92,
    "signer": 0.90, "urgency": 1.0, "sure": 0.99,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """One field of one letter."""

    letter: str
    field: str
    wanted: Any
    found: Any
    confidence: float
    is_right: bool
    is_exact: bool

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE


def judged(letter: str, truth: dict[str, Any], found: dict[str, Any]) -> list[Judged]:
    """Every field of a letter; number and symbol are right together or not at all."""
    results = [_one(letter, name, wanted, found[name]) for name, wanted in truth.items()]
    number, symbol = (next(one for one in results if one.field == name) for name in ("number", "symbol"))
    both = f"{number.wanted}/{symbol.wanted}", f"{number.found}/{symbol.found}"
    is_right = number.is_right and symbol.is_right
    surest = min(number.confidence, symbol.confidence)
    return [*results, Judged(letter, "number_symbol", *both, surest, is_right, is_right)]


def _one(letter: str, name: str, wanted: Any, field: Any) -> Judged:
    value = field.value if field.value is not None else [] if isinstance(wanted, list) else ""
    is_exact = _plain(value) == _plain(wanted)
    return Judged(letter, name, wanted, value, field.confidence, is_exact or _is_alike(name, wanted, value), is_exact)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return toneless_order(squeezed(normal(str(value))))


def _is_alike(name: str, wanted: Any, value: Any) -> bool:
    least = ALIKE.get(name)
    if least is None:
        return False
    if isinstance(wanted, list):
        return len(wanted) == len(value) and all(similar(a, b) >= least for a, b in zip(wanted, value, strict=True))
    return similar(wanted, value) >= least


def report(results: list[Judged]) -> dict[str, Any]:
    """Shares by field, the honesty of the sure ones, and every miss."""
    fields = list(dict.fromkeys(one.field for one in results))
    shares = {name: _share([one.is_right for one in results if one.field == name]) for name in fields}
    exact = {name: _share([one.is_exact for one in results if one.field == name]) for name in fields}
    sure = [one for one in results if one.is_sure and one.field != "number_symbol"]
    shares["sure"] = _share([one.is_right for one in sure])
    sure_of = {name: len([one for one in sure if one.field == name]) for name in fields if name != "number_symbol"}
    return {
        "shares": shares, "exact": exact, "sure": len(sure), "sure_by_field": sure_of,
        "sure_exact": _share([one.is_exact for one in sure]),
        "failed_gates": [name for name, least in GATES.items() if shares[name] < least],
        "misses": [_miss(one) for one in results if not one.is_right or (one.is_sure and not one.is_exact)],
    }  # fmt: skip


def _share(rights: list[bool]) -> float:
    return round(sum(rights) / len(rights), 4) if rights else 1.0


def _miss(one: Judged) -> dict[str, Any]:
    return {
        "letter": one.letter, "field": one.field, "wanted": one.wanted, "found": one.found, "confidence": one.confidence,
        "is_right": one.is_right,
    }  # fmt: skip
