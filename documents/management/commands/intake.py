import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from documents.intake import folder

WRONG_CALL = 2
PAUSE_SECONDS = 2
PATIENCE = 3  # times the rest that a file needs, and a little


class Command(BaseCommand):
    help = "Take in what lies in the watched folder, as the office's own worker does every ten seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("route", choices=["folder"])
        parser.add_argument(
            "--once", action="store_true", help="take what lies there now, and end; else go on until stopped"
        )
        parser.add_argument("--folder", metavar="DIR", help="another folder than INTAKE_FOLDER")
        parser.add_argument(
            "--json", action="store_true", help="print JSON: one array with --once, else a line per look"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(options["folder"]) if options["folder"] else folder.intake_folder()
        if root is None or not root.is_dir():
            self.refuse(_("There is no folder to look into: set INTAKE_FOLDER, or give --folder."))
        seconds = settings.INTAKE_STABLE_SECONDS
        if options["once"]:
            found = folder.look_once(root, seconds=seconds, patience=PATIENCE * seconds + 1)
            self.tell(found, as_json=options["json"])
            return
        while True:
            if found := [one for one in folder.look(root, seconds=seconds) if one.status != "waiting"]:
                self.tell(found, as_json=options["json"])
            time.sleep(PAUSE_SECONDS)

    def tell(self, found: list[folder.Looked], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([asdict(one) for one in found], ensure_ascii=False))
            return
        for one in found:
            self.stdout.write(f"{one.file}: {one.status} {one.reason or ''}".rstrip())

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(WRONG_CALL)
