"""The tags of a paper, added and removed where the paper is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from documents.policies import may_tag
from documents.selectors import known_tags, tags_of
from documents.services.tags import WrongTag, add_tag, remove_tag
from documents.views.base import PaperView

if TYPE_CHECKING:
    from django.http import HttpRequest

    from documents.models import Document
    from organizations.models import User


def tags_context(document: Document, person: User) -> dict[str, Any]:
    """A paper's tags and, for whoever may change them, those to choose from."""
    is_tagger = may_tag(person, document)
    return {"tags": tags_of(document), "is_tagger": is_tagger, "known_tags": known_tags(person) if is_tagger else []}


class TagAct(PaperView):
    """One change; looked at, the address leads to the paper."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.back() if self.document else self.show()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        text = request.POST.get("tag", "")
        try:
            self.do(text)
        except WrongTag as refusal:
            return self.refuse(str(refusal), text)
        return self.show(is_changed=True) if self.is_fragment else self.back()

    def do(self, text: str) -> None:
        raise NotImplementedError

    @property
    def is_fragment(self) -> bool:
        return "HX-Request" in self.request.headers

    def refuse(self, why: str, text: str) -> HttpResponse:
        if self.is_fragment:
            return self.show(status=422, error=why, typed=text)
        messages.error(self.request, why)
        return self.back()

    def show(self, status: int = 200, **more: Any) -> HttpResponse:
        context = {"document": self.document, **tags_context(self.document, self.person), **more}
        return render(self.request, "documents/tags.html", context, status=status)

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("desk:paper", args=[self.document.pk]))


class AddTag(TagAct):
    """One more."""

    def do(self, text: str) -> None:
        add_tag(document=self.document, text=text, actor=self.actor)


class RemoveTag(TagAct):
    """One less; one that is gone already is gone."""

    def do(self, text: str) -> None:
        remove_tag(document=self.document, text=text, actor=self.actor)
