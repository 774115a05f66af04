import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from audit.services import entries_in_order, exported


class Command(BaseCommand):
    help = "Write the audit chain as JSON lines; docs/verify_audit_export.py checks them without this program."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        count = 0
        with transaction.atomic(), path.open("w", encoding="utf-8") as out:
            for entry in entries_in_order():
                out.write(json.dumps(exported(entry), ensure_ascii=False, sort_keys=True) + "\n")
                count += 1
            out.flush()
            os.fsync(out.fileno())
        self.stderr.write(f"{count} entries written to {path}")
