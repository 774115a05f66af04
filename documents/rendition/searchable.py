"""
The process that makes a copy: `python -m documents.rendition.searchable TASK.json`.

It limits itself and dies with its supervisor, as the one that reads. The page's pictures are never decoded and written
anew; what makes an original a form, a signed file or a program is left out of its copy, which nobody has signed.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pikepdf
from pikepdf import Array, Dictionary, Name, String, pdfa

from documents.ocr import Limits, Word
from documents.ocr.child import begun, renew_cpu
from documents.rendition import bound, glyphless, layer, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT_OUT = ("/AcroForm", "/Perms", "/DSS", "/Extensions", "/OpenAction", "/AA", "/AF", "/Collection", "/Requirements")
LEFT_OUT_OF_NAMES = ("/EmbeddedFiles", "/JavaScript", "/AlternatePresentations", "/Renditions")
LEFT_OUT_OF_PAGES = ("/Annots", "/AA", "/AF", "/PresSteps", "/Tabs")
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
MOST_RULES = 10
DEEPEST = 50


def main(task_path: str) -> None:
    """Carry out one task."""
    task, limits = begun(task_path)
    try:
        _copy(task, limits)
    except pdfa.PdfaError as error:
        rules = dict.fromkeys(str(finding.rule) for finding in error.report.findings)
        _end(task, "not_pdfa", list(rules)[:MOST_RULES])
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, MemoryError, RecursionError, bound.NoPicture) as error:
        _end(task, "failed", [f"{type(error).__name__}: {error}"[:100]])
    _end(task, "made", [])


def _end(task: dict[str, Any], outcome: str, why: list[str]) -> NoReturn:
    Path(task["verdict"]).write_text(json.dumps({"outcome": outcome, "why": why}), encoding="utf-8")
    # Without clearing up, as the reading child: parsers that met broken files crash while they are taken apart.
    os._exit(0)


def _copy(task: dict[str, Any], limits: Limits) -> None:
    pages = task["pages"]
    if task["kind"] == "pdf":
        pdf = pikepdf.open(task["path"])
        _leave_out(pdf)
    else:
        pdf = bound.open_pictures(task, limits)
    lay_words(pdf, pages, limits)
    renew_cpu(limits, len(pages))
    pdf.Root.Lang = pdf.Root.get("/Lang", String("vi"))
    pdfa.save(pdf, task["out"], "2b")


def _leave_out(pdf: pikepdf.Pdf) -> None:
    _without(pdf.Root, LEFT_OUT)
    if isinstance(names := pdf.Root.get("/Names"), Dictionary):
        _without(names, LEFT_OUT_OF_NAMES)
    for page in pdf.pages:
        _take_inherited(page.obj)
        _without(page.obj, LEFT_OUT_OF_PAGES)


def _without(thing: Any, keys: Sequence[str]) -> None:
    for key in keys:
        if key in thing:
            del thing[key]


def _take_inherited(page: Any) -> None:
    """What a page has from the tree above it becomes its own: PDF/A asks for it, and the words' font must not hide it."""
    for key in INHERITED:
        above, depth = page, 0
        while key not in above and "/Parent" in above and depth < DEEPEST:
            above, depth = above.Parent, depth + 1
        if key in above and key not in page:
            page[key] = above[key]
    if "/Resources" not in page:
        page.Resources = Dictionary()


def lay_words(pdf: pikepdf.Pdf, pages: Sequence[dict[str, Any]], limits: Limits) -> None:
    """The words that were recognised, under the pictures of their pages."""
    told = [(page, [[_word(*row) for row in line] for line in page["lines"]]) for page in pages]
    letters = sorted({" "}.union(*(layer.letters_of(lines) for _page, lines in told)))
    codes = {letter: code for code, letter in enumerate(letters, start=1)}
    font = glyphless.embed(pdf, codes)
    for facts, lines in told:
        if not facts["is_recognised"] or not 1 <= facts["number"] <= len(pdf.pages):
            continue
        renew_cpu(limits)
        page = pdf.pages[facts["number"] - 1]
        shown.without_old_words(pdf, page)
        if lines:
            name = page.add_resource(font, Name.Font, prefix="Vt")
            drawn = layer.instructions(sheet_of(page), lines, facts["turn"], str(name)[1:], codes)
            page.contents_add(pdf.make_stream(drawn), prepend=True)


def _word(text: str, x: float, y: float, w: float, h: float) -> Word:
    return Word(text, x, y, w, h, 1.0)


def sheet_of(page: pikepdf.Page) -> layer.Sheet:
    """The part of a page that is displayed."""
    media, crop = _corners(page.mediabox), _corners(page.cropbox)
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right <= left or top <= bottom:
        left, bottom, right, top = media
    return layer.Sheet(left, bottom, right, top, int(page.obj.get("/Rotate", 0)) // 90 * 90 % 360)


def _corners(box: Array) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(side) for side in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


if __name__ == "__main__":
    main(sys.argv[1])
