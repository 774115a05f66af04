import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from documents.intake import folder, mail

WRONG_CALL = 2
PAUSE_SECONDS, MAIL_PAUSE_SECONDS = 2, 60
PATIENCE = 4  # times the rest that a file needs, and a little


class Command(BaseCommand):
    help = "Take in what lies in the watched folder, or in the mailboxes, as the office's own workers do by themselves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("route", choices=["folder", "mail"])
        parser.add_argument(
            "--once", action="store_true", help="take what lies there now, and end; else go on until stopped"
        )
        parser.add_argument("--folder", metavar="DIR", help="another folder than INTAKE_FOLDER")
        parser.add_argument(
            "--json", action="store_true", help="print JSON: one array with --once, else a line per look"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["route"] == "mail":
            self.fetch(**options)
        else:
            self.look(**options)

    def fetch(self, **options: Any) -> None:
        if not settings.INTAKE_MAIL:
            self.refuse(_("There is no mailbox to look into: set INTAKE_MAIL."))
        while True:
            self.tell(mail.fetch_all(), as_json=options["json"])
            if options["once"]:
                return
            time.sleep(MAIL_PAUSE_SECONDS)

    def look(self, **options: Any) -> None:
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

    def tell(self, found: Sequence[folder.Looked | mail.Fetched], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([asdict(one) for one in found], ensure_ascii=False))
            return
        for one in found:
            name = one.file if isinstance(one, folder.Looked) else f"{one.mailbox} {one.uid}"
            self.stdout.write(f"{name}: {one.status} {one.reason or ''}".rstrip())

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(WRONG_CALL)
