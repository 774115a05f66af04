import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from core import clock
from desk.ingesting import Ingested, ingest_file, waited_for
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

    def handle(self, *args: Any, **options: Any) -> None:
        unit, user = self.who(options["unit"], options["user"])
        paths = [Path(name) for name in options["files"]]
        for path in paths:
            if not path.is_file():
                self.refuse(f"Không có tệp {path}.")
        taken = [ingest_file(path=path, unit=unit, user=user) for path in paths]
        if options["wait"]:
            taken = waited_for(taken)
        if options["json"]:
            self.stdout.write(json.dumps([one.as_json() for one in taken], ensure_ascii=False))
        else:
            self.print_lines(paths, taken)

    def who(self, code: str, name: str) -> tuple[Unit, User]:
        unit = Unit.objects.filter(code=code).first()
        user = User.objects.filter(username=name, is_active=True).first()
        if unit is None:
            self.refuse(f"Không có đơn vị mang mã {code}.")
        if user is None:
            self.refuse(f"Không có người dùng {name}.")
        if not can_register(user, unit, clock.now()):
            self.refuse(f"{name} không được vào sổ cho đơn vị {code}.")
        return unit, user

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(WRONG_CALL)

    def print_lines(self, paths: list[Path], taken: list[Ingested]) -> None:
        for path, one in zip(paths, taken, strict=True):
            self.stdout.write(f"{path.name}: {one.status} {one.reason or ''}")
