import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import clock
from organizations.models import User
from search.services import Found, search_documents

UNKNOWN = 2


class Command(BaseCommand):
    help = "Search the archive as one person sees it."

    def run_from_argv(self, argv: list[str]) -> None:
        """A query may begin like an option: -not is a word of its language, and nothing a person types is an error."""
        program, command, *words = argv
        if words and words[0].startswith("-") and words[0].partition("=")[0] not in self.option_names():
            words = [*words[1:], "--", words[0]]
        super().run_from_argv([program, command, *words])

    def option_names(self) -> set[str]:
        actions = self.create_parser("manage.py", "search")._actions  # noqa: SLF001  # there is no public list
        return {name for action in actions for name in action.option_strings}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", metavar="QUERY")
        parser.add_argument("--as", dest="user", required=True, metavar="USER")
        parser.add_argument("--limit", type=int, default=20, metavar="N")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            self.stderr.write(f"Không có người dùng {options['user']}.")
            sys.exit(UNKNOWN)
        results = search_documents(query=options["query"], user=user, at=clock.now(), limit=options["limit"])
        if options["json"]:
            hits = [self.as_json(hit) for hit in results.hits]
            answer = {"total": results.total, "hits": hits, "degraded": results.degraded}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for hit in results.hits:
            self.stdout.write(f"{hit.symbol:20} {hit.subject}")
        self.stdout.write(f"{results.total} văn bản")

    def as_json(self, hit: Found) -> dict[str, Any]:
        return {
            "document": hit.document_id, "symbol": hit.symbol, "subject": hit.subject, "score": hit.score, "snippet": hit.snippet,
        }  # fmt: skip
