"""Papers to search and needs to judge by: one JSON object a line, or made by the archive of this folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is indexed of one paper; `clean` is the body before scanning damaged it."""

    id: int
    symbol: str
    type: str
    unit: str
    date: str | None  # YYYY-MM-DD
    title: str
    body: str
    tokens: list[str]
    clean: str = ""

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Paper:
        text = {name: str(facts.get(name) or "") for name in ("symbol", "type", "unit", "title", "body")}
        day = str(date.fromisoformat(facts["date"])) if facts.get("date") else None
        return cls(id=int(facts["id"]), date=day, tokens=_tokens(facts), **text)


@dataclass(frozen=True, slots=True)
class Need:
    """A query and how well papers answer it; `base` names the need that the slice varies."""

    id: str | int  # as the file has it
    base: str
    slice: str
    text: str
    tokens: list[str]
    relevant: Mapping[int, float] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Need:
        """One that names no base varies nothing, and one that names no slice stands in a slice of its own."""
        grades = {int(pk): float(grade) for pk, grade in (facts.get("relevant") or {}).items()}
        base, name = str(facts.get("base") or facts["id"]), str(facts.get("slice") or "no slice")
        return cls(facts["id"], base, name, str(facts["text"]), _tokens(facts), grades)


def _tokens(facts: dict[str, Any]) -> list[str]:
    """Without any, nobody may read a paper, and a need finds nothing."""
    tokens = facts.get("tokens") or []
    if not isinstance(tokens, list):
        raise TypeError("tokens: a list is wanted")
    return [str(token) for token in tokens]


class WrongLine(Exception):
    """A line that cannot be read, with its file, its number and what is wrong."""


def read_papers(path: Path) -> Iterator[Paper]:
    """
    One at a time: texts are long.

    :raises WrongLine: also where a number comes twice
    """
    seen: set[int] = set()
    for place, paper in _read(path, Paper.of):
        if paper.id in seen:
            raise WrongLine(f"{path}, line {place}: the id {paper.id} stands in a line before")
        seen.add(paper.id)
        yield paper


def read_needs(path: Path) -> list[Need]:
    """:raises WrongLine: at the first that cannot be read"""
    return [need for _place, need in _read(path, Need.of)]


def _read(path: Path, made_of: Callable[[dict[str, Any]], T]) -> Iterator[tuple[int, T]]:
    with path.open("rb") as file:
        for place, line in enumerate(file, 1):
            if line.strip():
                yield place, _made(line, made_of, f"{path}, line {place}")


def _made(line: bytes, made_of: Callable[[dict[str, Any]], T], where: str) -> T:
    try:
        return made_of(_object(line))
    except KeyError as error:
        raise WrongLine(f"{where}: {error.args[0]} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise WrongLine(f"{where}: {error}") from error


def _object(line: bytes) -> dict[str, Any]:
    facts = json.loads(line.decode("utf-8-sig"))
    if not isinstance(facts, dict):
        raise TypeError("a JSON object is wanted")
    return facts
