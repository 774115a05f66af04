"""What the pages of this room have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.views import View

from core import clock
from core.vietnamese import clean
from organizations.policies import administers_anything
from organizations.services import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponseBase
    from django.utils.functional import _StrPromise

    from audit.models import Actor
    from organizations.models import User


class Page(LoginRequiredMixin, View):
    """A page of a signed-in person; `actor` is who they are today."""

    person: User
    actor: Actor

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.person = request.user  # type: ignore[assignment]
        self.actor = getattr(request, "actor", None)  # type: ignore[assignment]


class AdminPage(Page):
    """For administrators; for everybody else it is not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not administers_anything(self.person, clock.now()):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


def typed(request: HttpRequest) -> str:
    """The words of a search box; whatever else was sent, the database is asked for text."""
    return clean(request.GET.get("q", "")).strip()


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a page offers: its form, the service behind it, and the words on the page and after it."""

    title: _StrPromise
    button: _StrPromise
    done: _StrPromise
    make_form: Callable[..., Form]
    do: Callable[..., Any]
    is_dangerous: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as the page shows it; open when it was just refused."""

    title: _StrPromise
    button: _StrPromise
    form: Form
    url: str
    is_open: bool
    is_dangerous: bool


def accept(form: Form, do: Callable[..., Any], **facts: Any) -> bool:
    """Let the service do what was typed; a refusal becomes an error of the field at fault."""
    if not form.is_valid():
        return False
    try:
        do(**facts, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    except ValidationError as weak:
        form.add_error("password", weak)
    return form.is_valid()
