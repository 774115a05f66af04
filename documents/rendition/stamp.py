"""
A page laid over the first page of a PDF by a child like the one that reads: the PDF is somebody's upload.

`python -m documents.rendition.stamp TASK.json` is the child.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from documents.ocr.child import begun
from documents.ocr.model import Limits
from documents.ocr.picture import run_child

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 60


def stamped(draft: Path, overlay: bytes, *, room: Path) -> bytes | None:
    """
    The draft with the overlay drawn over its first page; None for a PDF that cannot be written on. The draft is only read.

    :param room: an empty folder for working files, which the caller removes again
    """
    over, out = room / "overlay.pdf", room / "out.pdf"
    over.write_bytes(overlay)
    task = {"draft": str(draft.resolve()), "overlay": str(over), "out": str(out)}
    is_done = run_child("documents.rendition.stamp", task, room, Limits(), seconds=SECONDS)
    return out.read_bytes() if is_done and out.exists() else None


def main(task_path: str) -> None:
    """Carry out one task."""
    task, _limits = begun(task_path)
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(task["draft"]))
    page = writer.pages[0]
    page.transfer_rotation_to_content()
    page.merge_page(PdfReader(task["overlay"]).pages[0])
    writer.write(task["out"])


if __name__ == "__main__":
    main(sys.argv[1])
