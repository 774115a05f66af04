import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from core import clock
from desk.ingesting import Ingested, ingest
from organizations.models import Unit, User
from organizations.policies import can_register

WRONG_CALL = 2


class Command(BaseCommand):
    help = "Take files in for a unit, as its clerk would by the page; the answer has one entry per file, in order."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--as", dest="user", required=True, metavar="USER")
        parser.add_argument("--wait", action="store_true", help="return when the files are read and can be found")
        parser.add_argument("--json", action="store_true", help="print one JSON array")
        parser.add_argument("--boxes", action="store_true", help="with the place of every word in the JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        unit, user = self.who(options["unit"], options["user"])
        paths = [Path(name) for name in options["files"]]
        for path in paths:
            if not path.is_file() or not os.access(path, os.R_OK):
                self.refuse(_("There is no readable file %(path)s.") % {"path": path})
        answers = ingest(paths=paths, unit=unit, user=user, wait=options["wait"], with_boxes=options["boxes"])
        if options["json"]:
            self.stdout.write(json.dumps([asdict(answer) for answer in answers], ensure_ascii=False))
        else:
            self.print_lines(paths, list(answers))

    def who(self, code: str, name: str) -> tuple[Unit, User]:
        unit = Unit.objects.filter(code=code).select_related("organ_unit").first()
        user = User.objects.filter(username=name, is_active=True).first()
        if unit is None:
            self.refuse(_("There is no unit with the code %(code)s.") % {"code": code})
        if user is None:
            self.refuse(_("There is no user %(name)s.") % {"name": name})
        if not can_register(user, unit.organ, clock.now()):
            self.refuse(_("%(name)s may not take papers in for the unit %(code)s.") % {"name": name, "code": code})
        return unit.organ, user

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(WRONG_CALL)

    def print_lines(self, paths: list[Path], answers: list[Ingested]) -> None:
        for path, answer in zip(paths, answers, strict=True):
            self.stdout.write(f"{path.name}: {answer.status} {answer.reason or ''}".rstrip())
