"""
Some pages of a PDF as a PDF of their own, cut by a child like the one that reads; the file itself is never touched.

`python -m documents.ocr.cutting TASK.json` is the child.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from documents.ocr.model import Limits
from documents.ocr.picture import run_child
from documents.ocr.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 60


def cut_pages(path: Path, *, ranges: Sequence[tuple[int, int]], scratch: Path) -> list[bytes] | None:
    """
    One PDF for each range of pages, from and to inclusive; None for a file that is no PDF or cannot be cut.

    The same file and ranges give the same bytes.

    :param scratch: a folder for working files; what is put there is removed again
    """
    if sniff(path).kind != "pdf":
        return None
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch, prefix="cut-") as name:
        room = Path(name)
        task = {"path": str(path.resolve()), "ranges": list(ranges), "out": str(room)}
        if not run_child("documents.ocr.cutting", task, room, Limits(), seconds=SECONDS):
            return None
        outs = [room / f"{at}.pdf" for at in range(len(ranges))]
        return [out.read_bytes() for out in outs] if all(out.exists() for out in outs) else None


def main(task_path: str) -> None:
    """Carry out one task."""
    import pikepdf

    from documents.ocr.child import begun

    task, _limits = begun(task_path)
    with pikepdf.open(task["path"]) as whole:
        for at, (first, last) in enumerate(task["ranges"]):
            if not 1 <= first <= last <= len(whole.pages):
                sys.exit("no such pages")
            with pikepdf.new() as part:
                part.pages.extend(whole.pages[first - 1 : last])
                part.save(Path(task["out"]) / f"{at}.pdf", deterministic_id=True)
    # Without clearing up, as the reading child: parsers that met broken files crash while they are taken apart.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
