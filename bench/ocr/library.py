"""`python -m bench.ocr.library LANES PAGE.pgm...`: the library that the office reads with on finished pages, and nothing else."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from documents.ocr import tesseract


def read(page: str) -> None:
    """The name of a page ends in its resolution: `1@200.pgm`."""
    target = Path(page).with_suffix(".txt")
    words = tesseract.read(np.asarray(Image.open(page)), float(target.stem.rpartition("@")[2]))
    target.write_text(tesseract.as_text(words), encoding="utf-8")


if __name__ == "__main__":
    with ThreadPoolExecutor(int(sys.argv[1])) as lanes:
        list(lanes.map(read, sys.argv[2:]))
    if tesseract.is_by_program():
        sys.exit("the library does not load")
    tesseract.stop()
