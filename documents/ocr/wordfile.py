"""
The text of a Word file (.docx), old encodings converted by the fonts of its runs (ocr.md 2). Only ever used inside the child.

The archive and its XML are taken apart piece by piece: nothing is unpacked to disk, no part beyond its limit, and a document type
declaration, which Word never writes and every entity bomb needs, ends the reading.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol
from xml.parsers import expat

from documents.ocr import legacy
from documents.ocr.model import Reason
from documents.ocr.source import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from documents.ocr.model import Limits

WORDS, STYLES = "word/document.xml", "word/styles.xml"
_HEADER = re.compile(r"word/header\d*\.xml")
MOST_PARTS = 5_000
PAGE_END, CELL_END = "\f", "\t"
SOFT_HYPHEN = "\xad"  # in TCVN3 the letter ư, which word processors take for what it is in Unicode
_HYPHENS = {"softHyphen": SOFT_HYPHEN, "noBreakHyphen": "-"}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, expat.ExpatError)


@dataclass(frozen=True, slots=True)
class Said:
    """The pages of a file of words, columns in them still apart by CELL_END, and what stands above its pages."""

    pages: list[str]
    is_legacy: bool
    above: str = ""


def read_word(path: Path, limits: Limits) -> Said:
    """
    The pages of a Word file, as far as it says where they end.

    :raises Unreadable: damaged, locked, or unpacking to more than it may
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise Unreadable(Reason.TOO_MUCH_MEMORY)
            fonts = _Styles()
            if STYLES in archive.namelist():
                parse(part(archive, STYLES, limits), fonts)
            text, above = _Text(fonts), _Text(fonts)
            parse(part(archive, WORDS, limits), text)
            for name in filter(_HEADER.fullmatch, archive.namelist()):
                parse(part(archive, name, limits), above)
    except KeyError as error:
        raise Unreadable(Reason.UNKNOWN_TYPE) from error
    except RuntimeError as error:  # how zipfile says that a password is needed
        raise Unreadable(Reason.ENCRYPTED) from error
    except DAMAGED as error:
        raise Unreadable(Reason.BROKEN) from error
    return replace(converted(text.runs), above="\n".join(converted(above.runs).pages))


def part(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """One part, unpacked up to its limit, whatever size it claims."""
    with archive.open(name) as stream:
        data = stream.read(limits.content_bytes + 1)
    if len(data) > limits.content_bytes:
        raise Unreadable(Reason.TOO_MUCH_MEMORY)
    return data


class Handler(Protocol):
    """Whoever listens to a part."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def characters(self, data: str) -> None:
        """Text, in pieces."""


def parse(data: bytes, handler: Handler) -> None:
    """
    Let a handler hear what a part says.

    :raises Unreadable: if it declares a document type
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler = handler.characters
    parser.Parse(data, True)


def _refuse(*_declared: Any) -> None:
    raise Unreadable(Reason.BROKEN)


def _font(attributes: dict[str, str]) -> str:
    return attributes.get(f"{_W}ascii") or attributes.get(f"{_W}hAnsi") or ""


class _Styles:
    """The fonts that styles give, their own or that of the style they follow."""

    def __init__(self) -> None:
        self._style, self._normal = "", ""
        self._fonts: dict[str, str] = {}
        self._bases: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get(f"{_W}val", "")
        if name == f"{_W}style":
            self._style = attributes.get(f"{_W}styleId", "")
            if attributes.get(f"{_W}type") == "paragraph" and attributes.get(f"{_W}default") in ("1", "true"):
                self._normal = self._style
        elif name == f"{_W}basedOn":
            self._bases[self._style] = value
        elif name == f"{_W}rFonts" and _font(attributes):
            self._fonts[self._style] = _font(attributes)  # before the first style: the document's own default

    def end(self, name: str) -> None:
        """Nothing ends here that was begun."""

    def characters(self, data: str) -> None:
        """Styles hold no text."""

    def font_of(self, style: str) -> str:
        """The font of a style; without a name that of ordinary paragraphs."""
        style, passed = style or self._normal, set[str]()
        while style and style not in passed:
            if font := self._fonts.get(style):
                return font
            passed.add(style)
            style = self._bases.get(style, "")
        return self._fonts.get("", "")


class _Text:
    """Text by runs, each with its font; line breaks and ends of pages among them."""

    def __init__(self, fonts: _Styles) -> None:
        self._fonts = fonts
        self._style = self._own = ""
        self._paragraphs: list[str] = []  # their styles: a text box stands within one, and has its own
        self._fallbacks, self._is_text, self._in_run = 0, False, False
        self.runs: list[tuple[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag, value = name.removeprefix(_W), attributes.get(f"{_W}val", "")
        if name == _FALLBACK:  # what stands there for old programs stands before it for new ones
            self._fallbacks += 1
        elif tag == "p":
            self._begin_paragraph()
        elif tag == "pStyle" and self._paragraphs:
            self._paragraphs[-1] = value
        elif tag == "r":
            self._in_run, self._style, self._own = True, "", ""
        elif tag == "rStyle":
            self._style = value
        elif tag == "rFonts" and self._in_run:
            self._own = _font(attributes)
        elif tag == "t":
            self._is_text = True
        elif tag in _HYPHENS and self._in_run:
            self._put(_HYPHENS[tag])
        elif tag in ("tab", "br", "cr", "lastRenderedPageBreak") and self._in_run:
            is_page = tag == "lastRenderedPageBreak" or attributes.get(f"{_W}type") == "page"
            self._put(PAGE_END if is_page else CELL_END if tag == "tab" else "\n")

    def _begin_paragraph(self) -> None:
        if self._paragraphs:
            self._put("\n")
        self._paragraphs.append("")

    def end(self, name: str) -> None:
        if name == _FALLBACK:
            self._fallbacks -= 1
        elif name == f"{_W}t":
            self._is_text = False
        elif name == f"{_W}r":
            self._in_run = False
        elif name == f"{_W}p":
            self._put("\n")
            self._paragraphs.pop()

    def characters(self, data: str) -> None:
        if self._is_text:
            self._put(data)

    def _put(self, text: str) -> None:
        if self._fallbacks:
            return
        font = self._own or (self._fonts.font_of(self._style) if self._style else "")
        self.runs.append((font or self._fonts.font_of("".join(self._paragraphs[-1:])), text))


def converted(runs: list[tuple[str, str]]) -> Said:
    """Unicode throughout; where no font tells an old encoding, the text itself may."""
    pieces, is_legacy = [], False
    for font, group in groupby(runs, key=lambda run: run[0]):
        text = "".join(piece for _font, piece in group)
        kind, capitals = legacy.encoding_of_font(font)
        is_legacy = is_legacy or bool(kind)
        pieces.append(legacy.convert(text, kind, capitals=capitals) if kind else text)
    text = "".join(pieces)
    if not is_legacy and (kind := legacy.encoding_of_text(text)):
        text, is_legacy = legacy.convert(text, kind), True
    text = text.replace(SOFT_HYPHEN, "")
    pages = [page.strip() for page in text.split(PAGE_END)]
    return Said([page for page in pages if page] or [""], is_legacy)
