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
_HOW_LONG = re.compile(r"^\s*(?:NGAY|GIO|TUAN|THANG|PHUT)\b(?!\s*\d)")  # 05-07 ngày làm việc
# With tones: LĐLĐ tỉnh trước ngày 20/11 is a deadline, số liệu tính đến hết ngày 30/9 is what to tell.
_COUNTED = re.compile(r"\b(?:tính|số liệu|lũy kế|luỹ kế)\s*$", re.IGNORECASE)
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


def find_due(body: Run, issued: date | None, *, is_dated: bool = True) -> Iterator[Due]:
    """Every deadline with a true date, none before a sure issue date; without a year it is the first such date after it."""
    for found in _DUE.finditer(body.fold):
        start = max(0, found.start() - 400)
        before, behind = body.fold[start : found.start()], body.fold[found.end() : found.end() + 14]
        if _RECURS.match(behind) or _HOW_LONG.match(behind) or _COUNTED.search(body.cut(start, found.start())):
            continue
        iso = _iso(found, issued if is_dated or not found["y"] else None)
        if iso is None:
            continue
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
        if issued is None or due >= issued:
            return due.isoformat()
    return None


def main_due(dues: list[Due]) -> Due | None:
    """The last report that is owed; where none is, the last deadline of all."""
    owed = [due for due in dues if due.is_owed]
    last: list[Due | None] = [*(owed or dues)]
    return last[-1] if last else None
