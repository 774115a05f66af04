"""The readers that are compared: each a program that turns a PDF into the texts of its pages."""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from bench.ocr import measured, treated

if TYPE_CHECKING:
    from pathlib import Path

    from bench.ocr.measured import Cost

LANES = 2
SECONDS = 900


class System(Protocol):
    """One reader."""

    name: str

    def read(self, file: Path, folder: Path) -> tuple[Cost, list[str]]:
        """What reading the file cost, and the text of each page; no pages where it refused the file."""


class Own:
    """The reading as the office does it: a child with its limits, started by a process that watches it."""

    name = "own"

    def read(self, file: Path, folder: Path) -> tuple[Cost, list[str]]:
        texts = folder / "texts.json"
        command = [sys.executable, "-P", "-m", "bench.ocr.own", str(file), str(texts), str(folder)]
        cost = measured.run(command, folder=folder, seconds=SECONDS)
        return cost, json.loads(texts.read_text(encoding="utf-8")) if cost.code == 0 else []


class OcrMyPdf:
    """OCRmyPDF as it comes; signed files and files that hold text are refused by it."""

    name = "ocrmypdf"

    def read(self, file: Path, folder: Path) -> tuple[Cost, list[str]]:
        text = folder / "text.txt"
        options = ["-l", "vie", "--jobs", str(LANES), "--quiet", "--sidecar", str(text)]
        command = [sys.executable, "-P", "-m", "ocrmypdf", *options, str(file), str(folder / "out.pdf")]
        cost = measured.run(command, folder=folder, seconds=SECONDS)
        if cost.code != 0:
            return cost, []
        return cost, text.read_text(encoding="utf-8").removesuffix("\f").split("\f")


class Tesseract:
    """The engine alone, on pages that are drawn and treated before the clock starts: Debian's program, or the office's library."""

    def __init__(self, name: str, module: str, store: Path) -> None:
        self.name, self._module, self._store = name, module, store

    def read(self, file: Path, folder: Path) -> tuple[Cost, list[str]]:
        pages = treated.pages_of(file, self._store / sha256(str(file).encode()).hexdigest())
        command = [sys.executable, "-P", "-m", self._module, str(LANES), *map(str, pages)]
        cost = measured.run(command, folder=folder, seconds=SECONDS)
        return cost, [page.with_suffix(".txt").read_text(encoding="utf-8") for page in pages] if cost.code == 0 else []
