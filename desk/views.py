"""The inbox and the page of a paper: loaded under the reader's rights, put together from the rooms below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render

from core import clock
from desk.badges import counts_of
from desk.selectors import group_by_due, lines_of, paper_links
from documents.duplicates import duplicates_of, same_papers, undecided
from documents.models import Document, DocumentFile
from documents.models import Page as PageRead
from documents.placed import pages_said
from documents.policies import may_confirm
from documents.queue import next_to_confirm
from documents.selectors import (
    arrivals_of,
    fields_of,
    pages_to_review,
    replaced_by_paper,
    replacements,
    shown_first,
    twin_of,
)
from documents.views.tags import tags_context
from organizations.policies import holder_keys
from organizations.selectors import units_of
from organizations.views.base import Page
from search.marking import Marking, marking
from workflow import selectors as work
from workflow.presenting import acts_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from organizations.models import User

TABS = ("todo", "support", "fyi", "done")


class Inbox(Page):
    """S1: what waits for this person, by deadline, then urgency."""

    template = "desk/inbox.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        tab = request.GET.get("tab", "todo")
        tab = tab if tab in TABS else "todo"
        page = work.inbox(self.person, at=now, tab=tab, after=request.GET.get("after", ""))
        counts, lines = counts_of(request), lines_of(page.rows)
        context = {
            "tab": tab,
            "page": page,
            "counts": counts,
            "lines": lines,
            "groups": group_by_due(lines, clock.office_date(now)) if tab != "done" else [],
            "topics": self.topics(),
        }
        return render(request, self.template, context)

    def topics(self) -> str:
        keys = holder_keys(self.person, clock.now())
        return " ".join(f"holder:{key}" for key in sorted(keys))


class InboxRows(Inbox):
    """The list alone, for a page that looks again when work arrives."""

    template = "desk/inbox_update.html"


class PaperPage(Page):
    """A page of one paper; one that the person may not see does not exist for them."""

    def document(self) -> Document:
        visible = Document.objects.visible_to(self.person).select_related("doc_type", "owner_unit")
        found: Document = get_object_or_404(visible, pk=self.kwargs["pk"])
        return found

    def files(self, document: Document) -> list[DocumentFile]:
        """Newest first, drafts with their version."""
        rows = DocumentFile.objects.visible_to(self.person).filter(document=document).select_related("draft", "copy_of")
        return list(rows.order_by("-created_at", "-id"))


class Paper(PaperPage):
    """S2: the paper on the left, what to do with it and what became of it on the right."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.document()
        files = self.files(document)
        file = self.chosen(files, "tep") or shown_first(files)
        beside = self.chosen(files, "canh")
        context = {
            "document": document,
            "files": files,
            "file": file,
            "beside": beside if beside != file else None,
            "twin": twin_of(file, files),
            "to_review": pages_to_review(file) if file else [],
            "marking": self.marking(file),
            "replaced_by": replacements([document.pk], self.person).get(document.pk),
            "arrivals": arrivals_of(document, units_of(self.person, clock.now())),
            **self.waiting(document),
            **flow_context(document, self.person),
        }
        return render(request, "desk/paper.html", context)

    def waiting(self, document: Document) -> dict[str, Any]:
        """After one paper of a pile was registered: the next one, and how many there are."""
        if "tiep" not in self.request.GET or not may_confirm(self.person, document):
            return {}
        upload, count = next_to_confirm(document.owner_unit, self.person)
        return {"next_upload": upload, "waiting_count": count}

    def chosen(self, files: list[DocumentFile], name: str) -> DocumentFile | None:
        """The file that the address names, among those that the person may see."""
        asked = self.request.GET.get(name, "")
        return next((file for file in files if str(file.pk) == asked), None)

    def marking(self, file: DocumentFile | None) -> Marking | None:
        """Where the words stand that one searched for, in the file that is shown."""
        text = self.request.GET.get("tim", "")
        if not text or file is None:
            return None
        pages = PageRead.objects.visible_to(self.person).filter(file=file).order_by("number")
        return marking(text=text, pages=pages, user=self.person, at=clock.now())


class Preview(PaperPage):
    """The paper beside the inbox, from 992 px on."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.document()
        context = {
            "document": document,
            "file": shown_first(self.files(document)),
            "acts": acts_for(document, self.person, clock.now()),
        }
        return render(request, "desk/preview.html", context)


class PaperFlow(PaperPage):
    """The parts of the page that change when somebody acts."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.document()
        return render(request, "desk/paper_update.html", {"document": document, **flow_context(document, self.person)})


class PaperText(PaperPage):
    """The text that was read, page by page: the plain alternative to the image."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.document()
        return render(request, "desk/paper_text.html", {"document": document, "pages": pages_said(document)})


def flow_context(document: Document, person: User) -> dict[str, Any]:
    """Acts, facts, steps and history of a paper as `person` may see them."""
    return {
        "acts": acts_for(document, person, clock.now()),
        "steps": work.routing(document, person),
        "fields": fields_of(document),
        "replaces": replaced_by_paper(document, person),
        "may_relate": may_confirm(person, document),
        "same": same_papers(document, person),
        "look_alikes": undecided(duplicates_of(document, person)),
        "links": paper_links(document, person),
        "timeline": work.timeline(document, person),
        **tags_context(document, person),
    }
