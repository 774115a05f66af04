import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.verification import entries_in_order, exported, one_snapshot


class Command(BaseCommand):
    help = "Write the audit chain as JSON lines; docs/verify_audit_export.py checks them without this program."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            count = self.write(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
        self.stderr.write(f"{count} entries written to {path}")

    def write(self, path: Path) -> int:
        count = 0
        with one_snapshot(), path.open("w", encoding="utf-8") as out:
            for entry in entries_in_order():
                out.write(json.dumps(exported(entry), ensure_ascii=False, sort_keys=True) + "\n")
                count += 1
            out.flush()
            os.fsync(out.fileno())
        return count
