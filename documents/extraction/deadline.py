"""Deadlines in the text: every date that something is due, and the one that counts for the whole paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.extraction.layout import Run, Token

# An invitation asks by its meeting's date; minutes tell what was; papers that go upwards wish and do not order.
NEVER_DUE = frozenset({"Giấy mời", "Biên bản", "Giấy giới thiệu", "Báo cáo", "Tờ trình"})
_DUE = re.compile(
    r"(?:TRUOC|CHAM NHAT(?: LA)?|MUON NHAT|HAN CUOI|DEN HET|HET|THOI HAN)\s+(?:VAO\s+)?"
    r"(?:(?P<h>\d{1,2})\s*(?:GIO|H|:|G)\s*(?P<mi>\d{2})?\s*(?:PHUT)?\s*,?\s*)?(?:NGAY\s+)?"
    r"(?P<d>\d{1,2})(?:\s+THANG\s+|\s?[/.-]\s?)(?P<m>\d{1,2})(?:(?:\s+NAM\s+|\s?[/.-]\s?)(?P<y>\d{4}))?"
)
_RECURS = re.compile(r"^\W*HANG (?:NGAY|TUAN|THANG|QUY|NAM)")
# What is owed to those who issued the paper; explanations and presentations are something else.
_OWED = re.compile(r"BAO CAO(?! GIAI TRINH)|\bGUI\b|(?<!GIAI )\bTRINH\b(?! BAY)|\bNOP\b")
_CLAUSE_END = re.compile(r"[;.]\s")


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline; `is_owed` if it is that of a report or a submission."""

    iso: str
    is_owed: bool
    tokens: tuple[Token, ...]


def find_due(body: Run, issued: date | None) -> Iterator[Due]:
    """Every deadline with a true date; one without a year is the first such date after the issue date."""
    for found in _DUE.finditer(body.fold):
        if _RECURS.match(body.fold[found.end() : found.end() + 14]):
            continue
        iso = _iso(found, issued)
        if iso is None:
            continue
        before = body.fold[max(0, found.start() - 400) : found.start()]
        clause = _CLAUSE_END.split(before)[-1]
        yield Due(iso, bool(_OWED.search(clause)), body.between(*found.span()))


def _iso(found: re.Match[str], issued: date | None) -> str | None:
    day, month = int(found["d"]), int(found["m"])
    years = [int(found["y"])] if found["y"] else [issued.year, issued.year + 1] if issued else []
    for year in years:
        try:
            due = date(year, month, day)
        except ValueError:
            continue
        if found["y"] or issued is None or due >= issued:
            return due.isoformat()
    return None


def main_due(dues: list[Due]) -> Due | None:
    """The last report that is owed; where none is, the last deadline of all."""
    owed = [due for due in dues if due.is_owed]
    last: list[Due | None] = [*(owed or dues)]
    return last[-1] if last else None
