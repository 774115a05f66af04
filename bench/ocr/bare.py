"""`python -m bench.ocr.bare LANES PAGE.pgm...`: Tesseract on finished pages, so many at once, and nothing else."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def read(page: str) -> None:
    """The name of a page ends in its resolution: `1@200.pgm`."""
    target = Path(page).with_suffix("")
    dpi = target.name.rpartition("@")[2]
    command = ["tesseract", page, str(target), "-l", "vie", "--psm", "3", "--dpi", dpi, "txt", "tsv"]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    with ThreadPoolExecutor(int(sys.argv[1])) as lanes:
        list(lanes.map(read, sys.argv[2:]))
