"""
The text of a table of Excel (.xlsx), cell by cell and row by row, a page for each sheet. Only ever used inside the child.

Taken apart as a Word file is, with the same limits. A cell's font tells its encoding; a number is told as stored, a day as a day.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from documents.ocr.model import Reason
from documents.ocr.source import Unreadable
from documents.ocr.wordfile import CELL_END, DAMAGED, MOST_PARTS, PAGE_END, converted, parse, part

if TYPE_CHECKING:
    from pathlib import Path

    from documents.ocr.model import Limits
    from documents.ocr.wordfile import Said

WORKBOOK, LINKS, STRINGS, STYLES = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a calendar, not a clock
LAST_DAY = 2_958_465  # 31 December 9999
_DAYS = {*range(14, 18), 22}  # built-in formats that show a day
_SHOWS_DAY = re.compile(r"(?i)(?=.*d)(?=.*[my])")
_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
Runs = list[tuple[str, str]]  # font and text


def read_table(path: Path, limits: Limits) -> Said:
    """
    The sheets of a table, a page each.

    :raises Unreadable: damaged, locked, or unpacking to more than it may
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if len(names) > MOST_PARTS:
                raise Unreadable(Reason.TOO_MUCH_MEMORY)
            styles, strings, book, links = _Styles(), _Strings(), _Sheets(), _Links()
            for name, handler in ((STYLES, styles), (STRINGS, strings), (WORKBOOK, book), (LINKS, links)):
                if name in names:
                    parse(part(archive, name, limits), handler)
            text = _Cells(styles, strings.texts, limits)
            for one in book.ids:
                if (target := links.targets.get(one, "")) in names:
                    parse(part(archive, target, limits), text)
                    text.runs.append(("", PAGE_END))
    except RuntimeError as error:  # how zipfile says that a password is needed
        raise Unreadable(Reason.ENCRYPTED) from error
    except DAMAGED as error:
        raise Unreadable(Reason.BROKEN) from error
    return converted(text.runs)


class _Part:
    """What a part is looked at by: names without their spaces, of which there are two generations."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.begin(name.rpartition(" ")[2], attributes)

    def end(self, name: str) -> None:
        self.finish(name.rpartition(" ")[2])

    def characters(self, data: str) -> None:
        """Most parts say everything in attributes."""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def finish(self, tag: str) -> None:
        """Most elements end without ado."""


class _Sheets(_Part):
    """The sheets in their order."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            self.ids += [
                value for name, value in attributes.items() if name == _ID or name.endswith("relationships id")
            ]


class _Links(_Part):
    """Which part is which sheet."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.targets[attributes.get("Id", "")] = target.lstrip("/")


class _Styles(_Part):
    """The font of each style of cells, and whether it shows numbers as days."""

    def __init__(self) -> None:
        self._fonts: list[str] = []
        self._formats: dict[str, str] = {}
        self._cells: list[tuple[str, str]] = []
        self._is_cells = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "font":
            self._fonts.append("")
        elif tag == "name" and self._fonts:
            self._fonts[-1] = attributes.get("val", "")
        elif tag == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._is_cells = True
        elif tag == "xf" and self._is_cells:
            self._cells.append((attributes.get("fontId", "0"), attributes.get("numFmtId", "0")))

    def finish(self, tag: str) -> None:
        if tag == "cellXfs":
            self._is_cells = False

    def font(self, style: str) -> str:
        number, _format = self._of(style)
        return self._fonts[int(number)] if number.isdecimal() and int(number) < len(self._fonts) else ""

    def is_day(self, style: str) -> bool:
        _font, number = self._of(style)
        bare = re.sub(r'"[^"]*"|\[[^\]]*\]', "", self._formats.get(number, ""))
        return (number.isdecimal() and int(number) in _DAYS) or bool(_SHOWS_DAY.match(bare))

    def _of(self, style: str) -> tuple[str, str]:
        at = int(style) if style.isdecimal() else 0
        return self._cells[at] if at < len(self._cells) else ("0", "0")


class _Strings(_Part):
    """Texts that cells name by number, in runs of their own fonts; empty where the cell's font rules."""

    def __init__(self) -> None:
        self.texts: list[Runs] = []
        self._font, self._is_text, self._sounds = "", False, 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.texts.append([])
            self._font = ""
        elif tag == "r":
            self._font = ""
        elif tag == "rFont":
            self._font = attributes.get("val", "")
        elif tag == "rPh":  # how a name is spoken
            self._sounds += 1
        elif tag == "t":
            self._is_text = not self._sounds

    def finish(self, tag: str) -> None:
        if tag == "t":
            self._is_text = False
        elif tag == "rPh":
            self._sounds -= 1

    def characters(self, data: str) -> None:
        if self._is_text and self.texts:
            self.texts[-1].append((self._font, data))


class _Cells(_Part):
    """What cells say, rows in lines."""

    def __init__(self, styles: _Styles, strings: list[Runs], limits: Limits) -> None:
        self._styles, self._strings, self._left = styles, strings, limits.text_chars
        self._kind = self._style = self._said = ""
        self._is_said = False
        self.runs: Runs = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._kind, self._style, self._said = attributes.get("t", "n"), attributes.get("s", "0"), ""
        elif tag in ("v", "t"):
            self._is_said = True

    def finish(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._is_said = False
        elif tag == "c" and self._said:
            self._cell()
        elif tag == "row" and self.runs and self.runs[-1][1] == CELL_END:
            self.runs[-1] = ("", "\n")

    def characters(self, data: str) -> None:
        if self._is_said:
            self._said += data

    def _cell(self) -> None:
        font = self._styles.font(self._style)
        runs = [(own or font, " ".join(text.split("\n"))) for own, text in self._texts()]
        self._left -= sum(len(text) for _font, text in runs)
        if self._left >= 0:  # a sentence may stand in a million cells and once in the file
            self.runs += [*runs, ("", CELL_END)]

    def _texts(self) -> Runs:
        if self._kind == "s":
            at = int(self._said) if self._said.isdecimal() else len(self._strings)
            return self._strings[at] if at < len(self._strings) else []
        if self._kind == "n" and self._styles.is_day(self._style):
            return [("", _as_day(self._said))]
        return [("", self._said)]


def _as_day(number: str) -> str:
    """Tables count days from the end of 1899."""
    try:
        days = float(number)
    except ValueError:
        return number
    return f"{FIRST_DAY + timedelta(days=int(days)):%d/%m/%Y}" if 1 <= days < LAST_DAY else number
