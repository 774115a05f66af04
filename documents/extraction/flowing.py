"""
Flowing text set as a clerk would type it: a Word file says its words and not where they stand (extraction.md 1).

Every cell of a letterhead's table is lines of its own, and columns by tab are one line. Each line is known by what it says, and set
into the left column, where letterhead, text and recipients stand, or into the right one: motto, date, signer. What is only likely
to be a subject is set with little confidence. Behind the signer's name nothing counts: there stand annexes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from documents.extraction import ending, title
from documents.extraction.layout import TEXT_ADVANCE, TEXT_HEIGHT, TEXT_LEADING, Row, Run, Sheet, Token
from documents.extraction.letterhead import ABOUT, MOTTO, PLACE, is_labelled
from documents.extraction.model import DOUBTFUL
from documents.extraction.text import caps_only, fold, is_capitals, normal, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from documents.extraction.model import Catalogue

LEFT, RIGHT, COLUMN = 0.0, 0.5, 0.44  # where columns begin, and how wide they are
WIDE = 2.5 * TEXT_ADVANCE
HEAD_LINES = 20  # at most
TYPED_SPACES = r"\s{4,}"
MOST_SIGNING = 8  # lines from authority to name
LONG_LINE = 100  # letters: a subject's lines are shorter
_DATE_LINE = re.compile(r",?\s*\bNGAY\b.{0,30}(?:\bNAM\b.{0,8}|[/.-]\s*\d{4}\W*)$")
_NOTED = re.compile(rf"^\W*{ending.NOTED.pattern}\b")
_CUT_BEFORE_SIGNER = re.compile(r"(?<=[;:.])\s+")


@dataclass(frozen=True, slots=True)
class _Line:
    """What is set at one height; `is_apart` leaves room above it."""

    left: str = ""
    right: str = ""
    conf: float = 1.0
    is_apart: bool = False


@dataclass(slots=True)
class _Head:
    """The lines of a letterhead by what they are."""

    organs: list[str] = field(default_factory=list)
    mottoes: list[str] = field(default_factory=list)
    number: str = ""
    dated: str = ""
    about: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)

    def lines(self, *, is_sure: bool) -> Iterator[_Line]:
        for left, right in zip_longest(self.organs, self.mottoes, fillvalue=""):
            yield _Line(left, right)
        yield _Line(self.number, self.dated)
        for line in self.about:
            yield _Line(line, conf=1.0 if is_sure else DOUBTFUL)
        for at, line in enumerate(self.rest):
            yield _Line(line, is_apart=not at)


def is_typed(text: str) -> bool:
    """
    Whether columns are made of spaces: the motto stands apart from the margin, or from what stands left of it.

    Lines wider than a page are paragraphs, and spaces among them what others use a tab for.
    """
    lines = [fold(line.rstrip()) for line in normal(text).split("\n") if line.strip()]
    if any(len(line) * TEXT_ADVANCE > 1 for line in lines):
        return False
    top = lines[:HEAD_LINES]
    mottoes = [line[: found.start()] for line in top if (found := MOTTO.search(line))]
    if mottoes:
        return any(re.search(rf"{TYPED_SPACES}$", before) for before in mottoes)
    return any(re.search(rf"\S{TYPED_SPACES}\S", line) for line in top)


def sheet_of_flow(text: str, catalogue: Catalogue, number: int = 1) -> Sheet:
    """A flowing text as if it were a typed page."""
    lines, apart = _lines(text)
    flat = _sheet([_Line(line) for line in lines], number)
    titled = title.find_type(flat, catalogue)
    addressed = title.addressed_row(flat)
    ends = [row for row in (titled.row if titled else None, addressed) if row is not None]
    end = min(ends) if ends else _end_of_head(lines)
    head = list(_head(lines[:end], apart, is_ended=bool(ends)))
    subject: list[_Line] = []
    if titled and titled.row == end:
        head.append(_Line(lines[end], is_apart=True))
        end += 1
        subject = _subject(lines[end:], {at - end for at in apart})
    body = lines[end + len(subject) :]
    return _sheet([*head, *subject, *_body(body, is_apart=bool(subject))], number)


def _lines(text: str) -> tuple[list[str], set[int]]:
    """The lines that say something, and which of them stand below an empty one or a rule."""
    lines: list[str] = []
    apart: set[int] = set()
    is_apart = False
    for line in map(squeezed, normal(text).split("\n")):
        if not any(map(str.isalnum, line)):
            is_apart = True
            continue
        if is_apart:
            apart.add(len(lines))
        lines.append(line)
        is_apart = False
    return lines, apart


def _sheet(lines: Iterable[_Line], number: int) -> Sheet:
    rows, at = [], 0
    for line in lines:
        at += line.is_apart
        tokens = [*_set(line.left, LEFT, at, line.conf, number), *_set(line.right, RIGHT, at, line.conf, number)]
        if tokens:
            rows.append(Row(tokens, WIDE))
            at += 1
    return Sheet(number, "text", tuple(rows), WIDE, TEXT_LEADING)


def _set(text: str, x: float, at: int, conf: float, number: int) -> Iterator[Token]:
    advance, y = min(TEXT_ADVANCE, COLUMN / max(1, len(text))), at * TEXT_LEADING
    for found in re.finditer(r"\S+", text):
        yield Token(
            found.group(),
            x + found.start() * advance,
            y,
            x + found.end() * advance,
            y + TEXT_HEIGHT,
            conf,
            number,
            None,
        )


# --- letterhead -------------------------------------------------------------------------------------------------------


def _head(lines: Sequence[str], apart: set[int], *, is_ended: bool) -> Iterator[_Line]:
    """A subject beside the number is sure where what follows it cannot be more of it."""
    head, is_open, is_sure = _Head(), False, False
    for at, line in enumerate(lines):
        left, right = _cut(line, is_subject=is_open)
        if MOTTO.search(fold(right)) or caps_only(right) in title.URGENT:
            head.mottoes.append(right)
        elif right:
            head.dated = head.dated or right
        is_sure = is_sure or (is_open and not left)
        is_open = is_open and bool(left) and at not in apart
        if not left:
            continue
        if is_open:
            head.about.append(left)
        elif not head.about and ABOUT.match(fold(left)):
            head.about, is_open = [left], True
        elif not head.number and not head.about and is_labelled(_run(left)):
            head.number = left
        else:
            (head.rest if head.number or head.about else head.organs).append(left)
    yield from head.lines(is_sure=is_sure or (is_ended and (is_open or not head.rest)))


def _end_of_head(lines: Sequence[str]) -> int:
    """Of a paper that has neither a type nor an address: where its text begins."""
    long = (at for at, line in enumerate(lines) if len(line) > LONG_LINE or _NOTED.match(fold(line)))
    return min(HEAD_LINES, next(long, len(lines)))


def _cut(line: str, *, is_subject: bool) -> tuple[str, str]:
    """What of a letterhead's line stands at the left and at the right."""
    folded = fold(line)
    if found := MOTTO.search(folded):
        return line[: found.start()].strip(), line[found.start() :]
    if caps_only(line) in title.URGENT:
        return "", line
    if (found := _DATE_LINE.search(folded)) is None:
        return line, ""
    before = line[: found.start()]
    place = PLACE.search(before)
    left = before[: place.start()].strip() if place else before.strip()
    if is_subject and (left or not place or not found.group().startswith(",")):
        return line, ""  # the day of a paper that the subject names
    is_about = ABOUT.match(fold(left)) and found.group().startswith(",")
    if left and not (place and (is_labelled(_run(left)) or is_about)):
        return line, ""
    return left, line[place.start() if place else 0 :]


def _run(text: str) -> Run:
    return Run(_set(text, LEFT, 0, 1.0, 1))


# --- subject ----------------------------------------------------------------------------------------------------------


def _subject(lines: Sequence[str], apart: set[int]) -> list[_Line]:
    """The paragraph below the type, and those that go on with it; sure where what follows is clearly the text."""
    if not lines:
        return []
    taken, is_sure = [lines[0]], not _is_text(lines[0], "")
    for at, line in enumerate(lines[1 : title.MOST_LINES], start=1):
        if at in apart or not is_sure:
            break
        if line[0].islower() or (is_capitals(line) and is_capitals(taken[0])):
            taken.append(line)
            continue
        is_sure = _is_text(line, taken[0]) or len(line) > LONG_LINE or line.endswith(",")
        break
    return [_Line(line, conf=1.0 if is_sure else DOUBTFUL) for line in taken]


def _is_text(line: str, first: str) -> bool:
    """Whether a line can be no part of a subject, which begins with `first`."""
    is_organ = is_capitals(line) and title.is_organ_line(line) and not is_capitals(first)
    return is_organ or title.begins_text(line) or line.startswith("(") or line[-1] in ".:;"


# --- text and ending --------------------------------------------------------------------------------------------------


def _body(lines: Sequence[str], *, is_apart: bool) -> Iterator[_Line]:
    """The text in the left column, recipients below it, then the signer's block at the right."""
    annex = (at for at, line in enumerate(lines) if ending.ANNEX.match(fold(line)) and is_capitals(line[:8]))
    lines = lines[: next(annex, len(lines))]
    noted = next((at for at, line in enumerate(lines) if _NOTED.match(fold(line))), None)
    listed: list[str] = []
    if noted is None:
        start = _signing_at(lines, is_late=True)
        above, block = lines[:start], _signing(lines[start:])
    else:
        above = lines[:noted]
        listed, behind = _listed(lines[noted:])
        start = _signing_at(behind[:MOST_SIGNING])
        block = _signing(behind[start:]) if start < MOST_SIGNING else []  # behind so many lines stand annexes
        if not block:
            start = max(0, noted - MOST_SIGNING)
            start += _signing_at(lines[start:noted])
            above, block = lines[:start], _signing(lines[start:noted])
    for at, line in enumerate([*above, *listed]):
        yield _Line(line, is_apart=is_apart and not at)
    for line in block:
        yield _Line(right=line)


def _listed(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Nơi nhận with all that receive the paper, and what follows; a signer by tab stands in the recipients' lines."""
    listed: list[str] = []
    behind: list[str] = []
    is_last = False
    for at, line in enumerate(lines):
        if is_last or (at and _is_signing(line)):
            return listed, [*behind, *lines[at:]]
        left, right = _signer_cut_off(line)
        listed.append(left)
        behind += [right] if right else []
        is_last = ending.is_last_recipient(left)
    return listed, behind


def _signer_cut_off(line: str) -> tuple[str, str]:
    for found in _CUT_BEFORE_SIGNER.finditer(line):
        rest = line[found.end() :]
        if _is_signing(rest) or ending.is_name(rest):
            return line[: found.start()], rest
    return line, ""


def _is_signing(line: str) -> bool:
    """Whether a line is an authority or a title, in capitals."""
    return is_capitals(line) and (bool(ending.AUTHORITY.match(fold(line))) or ending.is_title(line))


def _signing_at(lines: Sequence[str], *, is_late: bool = False) -> int:
    """Where the signer's block begins; behind the last line where there is none."""
    late = len(lines) - 2 * MOST_SIGNING if is_late else 0
    for at, line in enumerate(lines):
        if is_capitals(line) and (ending.AUTHORITY.match(fold(line)) or (at >= late and ending.is_title(line))):
            return at
    return len(lines)


def _signing(lines: Sequence[str]) -> list[str]:
    """From the authority to the name; without the name where another signer follows: which of the two it is nobody can tell."""
    for at, line in enumerate(lines[:MOST_SIGNING]):
        if at and ending.is_name(line):
            is_alone = not any(map(_is_signing, lines[at + 1 : at + 1 + MOST_SIGNING]))
            return list(lines[: at + is_alone])
    return [line for line in lines[:MOST_SIGNING] if _is_signing(line)]
