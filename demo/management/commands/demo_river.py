"""Let one scanned paper travel the whole river and say how each step went."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from demo.river.steps import play
from demo.river.story import STEPS
from demo.river.tale import Tale
from demo.scans import make_scan, sample


class Command(BaseCommand):
    help = "Let one scanned paper travel the whole river: read, registered, directed, answered, issued, tracked, found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a scan of your own instead of the built-in directive")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path | None = options["file"]
        call_command("load_demo", stdout=self.stdout)
        if play(STEPS, _from_file(path) if path else _built_in(), self._say) < len(STEPS):
            sys.exit(1)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _built_in() -> Tale:
    paper = sample("01")
    return Tale(name=paper.file_name, content=make_scan(paper), truth=paper.truth, is_own=True)


def _from_file(path: Path) -> Tale:
    if not path.is_file():
        raise CommandError(f"Không có tệp {path}.")
    return Tale(name=path.name, content=path.read_bytes(), truth={}, is_own=False)
