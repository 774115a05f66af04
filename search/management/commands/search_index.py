import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.models import Actor
from search.backends.base import BackendUnavailable
from search.health import report
from search.switching import switch_engine
from search.upkeep import ask_for_rebuild, see_through
from search.verification import verify_index, words_of

WRONG = 1
LONGEST_SECONDS = 24 * 3600.0
EMBEDDED = "embedded"
ROBOT = Actor.system("search_index")


class Command(BaseCommand):
    help = (
        "Look after the search index: its state, whether it has what the database has, making it anew, where it lies."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["status", "verify", "rebuild", "switch"])
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--seconds", type=float, default=LONGEST_SECONDS, help="how long to wait for a rebuild or a switch; a day"
        )
        parser.add_argument("--to", metavar="URL[,URL]", help=f"switch: the cluster that serves then, or {EMBEDDED}")

    def handle(self, *args: Any, **options: Any) -> None:
        answer = getattr(self, options["act"])(options)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, default=str))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in answer.items()))
        if not answer["ok"]:
            sys.exit(WRONG)

    def status(self, options: dict[str, Any]) -> dict[str, Any]:
        return report().as_json()

    def verify(self, options: dict[str, Any]) -> dict[str, Any]:
        found = verify_index()
        return {
            "ok": not found.findings, "checked": found.checked, "documents": found.documents, "engine": found.engine,
            "generation": found.generation, "seconds": found.seconds, "at": found.at.isoformat(),
            "findings": [{**finding, "words": words_of(finding)} for finding in found.findings],
        }  # fmt: skip

    def rebuild(self, options: dict[str, Any]) -> dict[str, Any]:
        began = time.monotonic()
        request = ask_for_rebuild(actor=ROBOT)
        is_done = see_through(request, options["seconds"])
        return {**report().as_json(), "ok": is_done, "rebuilt": is_done, "seconds": round(time.monotonic() - began, 2)}

    def switch(self, options: dict[str, Any]) -> dict[str, Any]:
        if not options["to"]:
            raise CommandError(f"--to URL[,URL] or --to {EMBEDDED}")
        urls = () if options["to"] == EMBEDDED else tuple(options["to"].split(","))
        began = time.monotonic()
        try:
            is_done = switch_engine(urls=urls, seconds=options["seconds"], actor=ROBOT)
        except BackendUnavailable as error:
            raise CommandError(f"nothing was switched: {error}") from error
        return {**report().as_json(), "ok": is_done, "switched": is_done, "seconds": round(time.monotonic() - began, 2)}
