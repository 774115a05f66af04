"""
Searchable copies for reading and keeping, PDF/A-2b (ocr.md 6): made by a child under limits, for the file is somebody's upload.

What the child says is untrusted, as the file it met is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from documents.ocr import Limits, sniff
from documents.ocr.picture import run_child
from documents.rendition.layer import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from documents.ocr import Word

VERSION = "1"  # of what copies are like: another one, and all are made anew
FIRST_SECONDS, PAGE_SECONDS = 90, 3  # the longest, on a busy machine
MOST_WHY = 10
COPIED = ("pdf", "png", "jpeg", "tiff", "heic")  # a file of a word processor has pages only where it is printed
Outcome = Literal["made", "not_pdfa", "failed"]
_OUTCOMES: tuple[Outcome, ...] = ("made", "not_pdfa", "failed")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page of the original as it was read; only words that were recognised are laid over it."""

    number: int
    text: str
    words: Sequence[Word]
    turn: int = 0
    width_pt: float = 0.0
    height_pt: float = 0.0
    is_recognised: bool = True


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of it: `not_pdfa` where the file cannot be one, with the rules that it breaks."""

    outcome: Outcome
    why: tuple[str, ...] = ()


def make_copy(original: Path, *, pages: Sequence[ReadPage], out: Path, scratch: Path) -> Copied:
    """
    Write a copy of `original` with its words to `out`; bad files never raise.

    :param scratch: an empty folder, which `out` may lie in
    """
    kind = sniff(original).kind
    if kind not in COPIED:
        return Copied("failed", ("unknown type",)) if kind is None else Copied("not_pdfa", ("no pages of its own",))
    verdict = scratch / "verdict.json"
    task: dict[str, object] = {"path": str(original.resolve()), "kind": kind, "out": str(out), "verdict": str(verdict)}
    task |= {"scratch": str(scratch), "pages": [_told(page) for page in pages]}
    seconds = FIRST_SECONDS + PAGE_SECONDS * len(pages)
    if not run_child("documents.rendition.searchable", task, scratch, Limits(), seconds=seconds):
        return Copied("failed", ("the child ended early",))
    copied = _heard(verdict)
    return copied if copied.outcome != "made" or out.exists() else Copied("failed", ("nothing was written",))


def _told(page: ReadPage) -> dict[str, object]:
    lines = lines_of(page.text, page.words) if page.is_recognised else []
    rows = [[[word.text, word.x, word.y, word.w, word.h] for word in line] for line in lines]
    return {
        "number": page.number, "turn": page.turn, "width": page.width_pt, "height": page.height_pt,
        "is_recognised": page.is_recognised, "lines": rows,
    }  # fmt: skip


def _heard(verdict: Path) -> Copied:
    try:
        told = json.loads(verdict.read_text(encoding="utf-8"))
        outcome: Outcome = next((one for one in _OUTCOMES if one == told["outcome"]), "failed")
        return Copied(outcome, tuple(str(why)[:100] for why in list(told.get("why", ()))[:MOST_WHY]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Copied("failed", ("no verdict",))
