"""`python -m bench.ocr.own FILE TEXTS FOLDER`: one file through the door that the reading job uses."""

import json
import sys
from pathlib import Path

from documents.ocr import read_file

if __name__ == "__main__":
    path, texts, scratch = map(Path, sys.argv[1:])
    reading = read_file(path, recall=lambda _key: None, scratch=scratch)  # asked for each page, as the job is
    if reading.status in ("failed", "quarantined"):
        sys.exit(str(reading.reason))
    texts.write_text(json.dumps([page.text for page in reading.pages]), encoding="utf-8")
