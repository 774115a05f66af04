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
