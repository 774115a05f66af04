"""Write the twelve sample papers as image-only PDFs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from demo.scans import PROFILES, make_scan, samples


class Command(BaseCommand):
    help = "Write the twelve sample papers as scans: image-only PDFs with seal, skew and noise."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out_dir", type=Path)
        parser.add_argument("--profile", default="typ200", choices=sorted(PROFILES))
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["out_dir"]
        folder.mkdir(parents=True, exist_ok=True)
        for paper in samples():
            path = folder / paper.file_name
            path.write_bytes(make_scan(paper, profile=options["profile"], seed=options["seed"]))
            self.stdout.write(str(path))
