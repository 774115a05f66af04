"""Papers to search and needs to judge by: one JSON object a line, or made by the archive of this folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paper:
    """What is indexed of one paper; `clean` is the body before scanning damaged it."""

    id: int
    symbol: str
    type: str
    unit: str
    date: str | None
    title: str
    body: str
    tokens: list[str]
    clean: str = ""

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Paper:
        text = {name: facts.get(name) or "" for name in ("symbol", "type", "unit", "title", "body")}
        return cls(id=int(facts["id"]), date=facts.get("date") or None, tokens=list(facts["tokens"]), **text)


@dataclass(frozen=True, slots=True)
class Need:
    """A query and how well papers answer it; `base` names the need that the slice varies."""

    id: str
    base: str
    slice: str
    text: str
    tokens: list[str]
    relevant: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Need:
        grades = {int(pk): int(grade) for pk, grade in facts["relevant"].items()}
        named = {name: str(facts[name]) for name in ("id", "base", "slice", "text")}
        return cls(**named, tokens=list(facts["tokens"]), relevant=grades)


def read_papers(path: Path) -> Iterator[Paper]:
    """One at a time: texts are long."""
    return map(Paper.of, _lines(path))


def read_needs(path: Path) -> list[Need]:
    return [Need.of(facts) for facts in _lines(path)]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
