"""What the pages of this room share: the person, the actor, the unit they work for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core import clock
from documents.models import Document
from organizations.models import Role, Unit
from organizations.policies import can_register
from organizations.selectors import find_unit_of, organs_of
from organizations.views.base import Page as PersonPage
from ui.errors import OthersTask

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

REGISTRARS = (Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER)


def posted_version(request: HttpRequest) -> int:
    """The version that the form was made from; garbage is a version that never was."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else -1


class Page(PersonPage):
    """A page of a signed-in person, with the unit they work for."""

    @cached_property
    def unit(self) -> Unit | None:
        """The organ of the post the person works in."""
        return find_unit_of(self.actor)

    @cached_property
    def office(self) -> Unit:
        """
        The unit that the person takes papers in for.

        :raises OthersTask: for whoever takes none in
        """
        if self.unit is None or not can_register(self.person, self.unit, clock.now()):
            raise OthersTask(_("Only the registry clerk of a unit takes papers in."))
        return self.unit

    def office_units(self) -> list[Unit]:
        """The organs whose books are open to the person."""
        return organs_of(self.person, clock.now(), REGISTRARS)


class PaperView(Page):
    """A page of one paper; one that the person may not see does not exist for them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.require()
        return super().dispatch(request, *args, **kwargs)

    def require(self) -> None:
        """:raises OthersTask: for whoever may read the paper and not do what the page is for"""

    @cached_property
    def document(self) -> Document:
        rows = Document.objects.visible_to(self.person).select_related("doc_type", "owner_unit")
        found: Document = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found
