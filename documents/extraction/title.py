"""Type and subject below the letterhead, urgency beside it (extraction.md 1, cells 5 and 10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from documents.extraction.layout import Run
from documents.extraction.text import caps_only, fold, is_capitals, squeezed
from documents.extraction.usual import respelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.extraction.layout import Row, Sheet, Token
    from documents.extraction.model import Catalogue

SEARCHED = 0.55  # of page one
LONG_NAME = 7
MOST_LINES = 8
BELIEVED = 0.3  # confidence below which a word is a stain
STAINED = 0.8  # confidence below which what stands apart from a line of the subject is no part of it
APART = 1.45  # of the usual distance of rows: where a rule stands between subject and text
ADDRESSED = re.compile(r"^\W*KINH\s*(?:GUI|TRINH)\b")
ABOUT = re.compile(r"(?<![A-Z])V\s?[/I|]\s?V\b\s*[:.]?|^\W*VE VIEC\b")
_RULE = re.compile(r"^[\W_]+$")
_BODY = re.compile(
    r"^\W*(KINH\s*GUI|CAN CU|THUC HIEN (?:CHI THI|NGHI QUYET|QUYET DINH|KE HOACH|CONG VAN|KET LUAN).{60}|THEO DE NGHI|XET DE NGHI|"
    r"NGAY \d|DE |HIEN NAY|THOI GIAN|THOI GIAN QUA|TRONG |NHAM |SAU KHI|[IVX]+\s?\.|\d\s?\.|DIEU 1|PHAN THU|CHUONG )"
)
_ORGAN_LINE = re.compile(
    r"^\W*(BAN THUONG VU|BAN CHAP HANH|DOAN CHU TICH|UY BAN|CHU TICH|GIAM DOC|HOI DONG|THU TUONG|BO TRUONG|LIEN DOAN|CONG DOAN|"
    r"TONG LIEN DOAN|CHINH PHU|QUOC HOI|HIEU TRUONG)"
)
# Readers see the third stroke of quý III as a digit: IIl/2026, II1/2026.
_QUARTER = re.compile(r"\b([Qq]uý) (II[1l|L]|I[1l|]|[1l|])L?\s?/\s?(20\d\d)\b")
URGENT = {
    "HOA TOC": "Hỏa tốc",
    "HOA TOC HEN GIO": "Hỏa tốc hẹn giờ",
    "THUONG KHAN": "Thượng khẩn",
    "KHAN": "Khẩn",
}


@dataclass(frozen=True, slots=True)
class Titled:
    """The line that names the type, and at which row of the page it stands."""

    name: str
    row: int
    confidence: float
    tokens: tuple[Token, ...]


def find_type(sheet: Sheet, catalogue: Catalogue) -> Titled | None:
    """The first line in capitals that is the name of a type, or begins with one."""
    names = {fold(name): name for name, _ in catalogue.types}
    for at, row in enumerate(sheet.rows):
        if row.y0 > SEARCHED or ADDRESSED.match(row.fold):
            break
        for span in row.spans:
            if not is_capitals(span.text):
                continue
            if found := _type_named(caps_only(span.text), names):
                name, sureness = found
                return Titled(name, at, min(0.98, max(0.85, span.conf)) * sureness, span.tokens)
    return None


def _type_named(line: str, names: dict[str, str]) -> tuple[str, float] | None:
    tight = line.replace(" ", "")
    for key, name in names.items():
        if tight == key.replace(" ", ""):
            return name, 1.0
    for key in sorted(names, key=len, reverse=True):
        if line.startswith(key + " ") and key.count(" ") and not _ORGAN_LINE.match(line):
            return names[key], 0.93
    if _ORGAN_LINE.match(line):
        return None  # HỘI ĐỒNG is not HỢP ĐỒNG
    near = [
        name
        for key, name in names.items()
        if len(key) >= LONG_NAME and Levenshtein.distance(line, key, score_cutoff=1) <= 1
    ]
    return (near[0], 0.85) if len(near) == 1 else None


def addressed_row(sheet: Sheet) -> int | None:
    """The row of Kính gửi."""
    for at, row in enumerate(sheet.rows):
        if row.y0 < SEARCHED and any(ADDRESSED.match(span.fold) for span in row.spans):
            return at
    return None


def is_organ_line(line: str) -> bool:
    """Whether a line begins as organs are called."""
    return bool(_ORGAN_LINE.match(fold(line)))


def begins_text(line: str) -> bool:
    """Whether a line begins as texts do, not subjects."""
    return bool(ADDRESSED.match(fold(line)) or _BODY.match(fold(line)))


def subject_below(sheet: Sheet, titled: Titled) -> Run:
    """The lines between the type and the text: centred, close together."""
    taken: list[Row] = []
    middle = Run(titled.tokens).middle
    for row in sheet.rows[titled.row + 1 : titled.row + 1 + MOST_LINES]:
        if _RULE.match(row.text) and not taken:
            continue
        if _RULE.match(row.text) or (taken and _is_text(row, taken, middle, sheet)):
            break
        taken.append(row)
    return _without_rules(taken)


def _is_text(row: Row, taken: Sequence[Row], middle: float, sheet: Sheet) -> bool:
    """
    Whether a row no longer belongs to the subject above it.

    On a page with places, a subject is centred and its lines are close; how the text begins in words decides only
    for a plain text, because subjects go on with the same words ("trong tình hình mới").
    """
    if ADDRESSED.match(row.fold):
        return True
    # An organ in capitals opens a decision; under a subject in capitals it goes on with it, if nothing parts them.
    if is_capitals(row.text) and _ORGAN_LINE.match(row.fold) and not is_capitals(taken[0].text):
        return True
    if row.y0 - taken[-1].y0 > APART * sheet.pitch:
        return True
    if all(token.box is None for token in row.tokens):
        return bool(_BODY.match(row.fold))
    slack = 0.022 if row.x1 - row.x0 > 0.5 else 0.05  # noqa: PLR2004 - a text's first line is indented, so off centre
    return min(abs(row.middle - middle), abs(_middle(row) - middle)) > slack


def _middle(row: Row) -> float:
    """Across the page, of the words that say something: a stamp's leftovers beside a line are not part of it."""
    said = Run(token for token in row.tokens if token.conf >= BELIEVED and any(map(str.isalnum, token.text)))
    return said.middle if said else row.middle


def _without_rules(rows: Sequence[Row]) -> Run:
    kept = (token for row in rows for span in _without_stains(row) for token in span.tokens)
    return Run(token for token in kept if not _RULE.match(token.text) or token.text in "-–&")


def _without_stains(row: Row) -> Sequence[Run]:
    """A stamp beside a centred line leaves a word or two apart from it, hardly read."""
    sure = [span for span in row.spans if span.conf >= STAINED]
    return sure or row.spans


def subject_of_letter(sheet: Sheet, split: float, end: int | None) -> Run | None:
    """What a công văn is about: V/v and the lines under it in the left column."""
    rows = sheet.rows[: end if end is not None else len(sheet.rows)]
    for at, row in enumerate(rows):
        left = row.left_of(max(split, 0.5))
        found = ABOUT.search(left.fold) if left and row.y0 < SEARCHED else None
        if not found:
            continue
        taken = [Run(token for token in left.tokens if token not in left.between(*found.span()))]
        below = left
        for other in rows[at + 1 : at + 6]:
            line = other.left_of(max(split, 0.5))
            if not line or _RULE.match(line.text):
                continue
            if any(span.x0 < split - 0.05 and span.x1 > split + 0.08 for span in other.spans):
                break  # a line of text, across both columns
            if line.y0 - below.y0 > 1.9 * sheet.pitch or is_stamp(line) or ADDRESSED.match(line.fold):
                break
            taken.append(line)
            below = line
        return Run(token for line in taken for token in line.tokens)
    return None


def is_stamp(line: Run) -> bool:
    """An urgency mark or an arrival stamp, not text."""
    return caps_only(line.text) in URGENT or bool(re.match(r"^\W*(?:CONG VAN )?DEN\b", line.fold))


def find_urgency(rows: Sequence[Row]) -> Run | None:
    """A mark on a line of its own in the header."""
    for row in rows:
        for span in row.spans:
            if caps_only(span.text) in URGENT and is_capitals(span.text):
                return span
    return None


def tidy(text: str) -> str:
    """A subject as one line, its usual words spelled as everybody does."""
    text = re.sub(r"^\W*([Vv]ề) ?việc\b", r"\1 việc", squeezed(text))
    if text.startswith("“") and "”" not in text:
        text = text[1:]  # a speck: what is quoted ends somewhere
    text = respelled(text)
    text = _QUARTER.sub(lambda found: f"{found[1]} {'I' * len(found[2])}/{found[3]}", text)
    return text.strip(" _-–—.,;:|`'")
