import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.checks import run_checks, title_of


class Command(BaseCommand):
    help = "Check every invariant of the office; exit 1 on any violation."
    only: str | None = None

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        report = run_checks(self.only)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.print_report(report)
        if not report["ok"]:
            sys.exit(1)

    def print_report(self, report: dict[str, Any]) -> None:
        for check in report["checks"]:
            mark = "ok" if check["ok"] else "VIOLATED"
            self.stdout.write(f"{check['id']:4} {mark:8} {check['checked']:8} {title_of(check['id'])}")
            for violation in check["violations"]:
                self.stdout.write(f"       {violation}")
