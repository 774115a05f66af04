import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import clock
from organizations.models import User
from organizations.policies import reader_tokens
from search.backends.base import FACETS, BackendUnavailable, ReaderTokens
from search.engine import backend
from search.facets import NAMES, labelled
from search.offers import similar, suggested
from search.services import Found, SearchResults, findable, search_documents

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
        parser.add_argument("query", metavar="QUERY", nargs="?", default="")
        parser.add_argument("--as", dest="user", required=True, metavar="USER")
        parser.add_argument("--limit", type=int, default=20, metavar="N")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--facets", action="store_true", help="with the counts of types, units, years, issuers, tags, states"
        )
        parser.add_argument("--suggest", action="store_true", help="complete QUERY instead of searching for it")
        parser.add_argument("--similar", type=int, metavar="ID", help="papers like this one")
        parser.add_argument("--explain", action="store_true", help="how QUERY was read, and how each score came about")

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_json, self.at = options["json"], clock.now()
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            self.refuse(f"Không có người dùng {options['user']}.")
        elif options["suggest"]:
            self.suggest(options["query"], user, options["limit"])
        elif options["similar"] is not None:
            self.similar(options["similar"], user, options["limit"])
        else:
            self.search(user, options)

    def refuse(self, reason: str) -> None:
        self.stderr.write(reason)
        sys.exit(UNKNOWN)

    def search(self, user: User, options: dict[str, Any]) -> None:
        facets = FACETS if options["facets"] else ()
        results = search_documents(query=options["query"], user=user, at=self.at, limit=options["limit"], facets=facets)
        answer: dict[str, Any] = {"total": results.total, "hits": as_json(results.hits), "degraded": results.degraded}
        if options["facets"]:
            named = labelled(results.facets)
            answer["facets"] = {NAMES[facet]: [asdict(value) for value in named.get(facet, [])] for facet in FACETS}
        if options["explain"]:
            answer |= self.explained(results, user)
        self.show(answer, f"{results.total} văn bản")

    def suggest(self, text: str, user: User, limit: int) -> None:
        offered = suggested(text=text, user=user, at=self.at, n=max(0, limit))
        rows = [{"document": one.document_id, "symbol": one.symbol, "title": one.title} for one in offered]
        self.show({"suggestions": rows}, f"{len(rows)} gợi ý")

    def similar(self, pk: int, user: User, limit: int) -> None:
        document = findable(user).filter(pk=pk).first()
        if document is None:
            self.refuse(f"Không có văn bản {pk}.")
        else:
            try:
                found = similar(document=document, user=user, at=self.at, n=max(0, limit))
            except BackendUnavailable:
                self.show({"total": 0, "hits": [], "degraded": True}, "Tra cứu toàn văn đang tạm dừng.")
            else:
                self.show({"total": len(found), "hits": as_json(found)}, f"{len(found)} văn bản")

    def explained(self, results: SearchResults, user: User) -> dict[str, Any]:
        """Of the papers that are shown alone."""
        readers = ReaderTokens(reader_tokens(user, self.at))
        shown = [] if results.degraded else results.hits
        scores = {
            one.document_id: json.loads(backend().explain(results.request, readers, one.document_id)) for one in shown
        }
        return {"query": asdict(results.query), "scores": scores}

    def show(self, answer: dict[str, Any], summary: str) -> None:
        if self.is_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, default=sorted))
            return
        for row in answer.get("hits", answer.get("suggestions", [])):
            self.stdout.write(f"{row['symbol']:20} {row.get('subject', row.get('title'))}")
        for name, values in answer.get("facets", {}).items():
            self.stdout.write(f"{name}: " + ", ".join(f"{one['label']} ({one['count']})" for one in values))
        self.stdout.write(summary)


def as_json(hits: list[Found]) -> list[dict[str, Any]]:
    return [
        {
            "document": hit.document_id, "symbol": hit.symbol, "subject": hit.subject, "score": hit.score, "snippet": hit.snippet,
        }
        for hit in hits
    ]  # fmt: skip
