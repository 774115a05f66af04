"""
A part of a page as a picture, for people to look at: drawn by a child like the one that reads, under the same limits.

`python -m documents.ocr.picture TASK.json` is the child; parsers are imported there alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from documents.ocr.model import PAGELESS, Limits
from documents.ocr.sniff import sniff
from documents.ocr.supervisor import environment, without_network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from documents.ocr.model import Box

DPI, QUALITY = 150, 80
SECONDS = 20
AT_ONCE = BoundedSemaphore(2)  # a list of hits asks for many; people wait for the first


def draw_part(path: Path, *, page: int, box: Box, scratch: Path) -> bytes | None:
    """
    A part of a page, given as shares of it, as JPEG; None for a page that cannot be drawn.

    :param scratch: a folder for working files; what is put there is removed again
    """
    kind = sniff(path).kind
    if kind is None or kind in PAGELESS:
        return None
    scratch.mkdir(parents=True, exist_ok=True)
    with AT_ONCE, tempfile.TemporaryDirectory(dir=scratch, prefix="part-") as name:
        room = Path(name)
        out = room / "part.jpg"
        task = {"path": str(path.resolve()), "kind": kind, "page": page, "box": box}
        task |= {"out": str(out), "scratch": str(room)}
        is_done = run_child("documents.ocr.picture", task, room, Limits(), seconds=SECONDS)
        return out.read_bytes() if is_done and out.exists() else None


def run_child(module: str, task: Mapping[str, object], room: Path, limits: Limits, *, seconds: float) -> bool:
    """
    Let a module do a task in a process of its own, without network and settings; whether it ended well in its time.

    The module begins with `child.begun`, which gives it the task. Nothing else in `room` may be called `task.json`.
    """
    paper = room / "task.json"
    paper.write_text(json.dumps({**task, "limits": asdict(limits), "supervisor": os.getpid()}), encoding="utf-8")
    command = [*without_network(), sys.executable, "-P", "-m", module, str(paper)]
    try:
        ended = subprocess.run(
            command, cwd=room, env=environment(room, limits), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


def main(task_path: str) -> None:
    """Carry out one task."""
    from PIL import Image

    from documents.ocr.child import begun
    from documents.ocr.source import Unreadable, affordable_dpi, open_source

    task, limits = begun(task_path)
    page = task["page"]
    try:
        source = open_source(Path(task["path"]), task["kind"], limits, Path(task["scratch"]))
        if not 1 <= page <= source.page_count:
            sys.exit("no such page")
        source.check(page)
        drawn = source.draw(page, affordable_dpi(DPI, *source.size(page), limits), tuple(task["box"]))
    except Unreadable as error:
        sys.exit(error.reason)
    Image.fromarray(drawn).save(task["out"], "JPEG", quality=QUALITY, optimize=True)
    # Without clearing up, as the reading child: parsers that met broken files crash while they are taken apart.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
