import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from documents.selfcheck import selfcheck


class Command(BaseCommand):
    help = "Say what this machine has for reading papers; exit 1 if scans cannot be read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON array")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(selfcheck())
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
        else:
            for finding in findings:
                self.stdout.write(f"{finding.name:8} {finding.state:8} {finding.words}")
        if any(finding.state == "missing" for finding in findings):
            sys.exit(1)
