"""The tree of units and the page of one, for administrators: what an office needs before its first paper."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import clock
from organizations import services
from organizations.forms import (
    AppointForm,
    ChangeUnitForm,
    CloseUnitForm,
    MoveForm,
    PostForm,
    RenameForm,
    UnitForm,
)
from organizations.models import Post, Unit
from organizations.policies import grantable_roles, is_admin_of
from organizations.selectors import administered_units, posts_with_holders, tree_rows
from organizations.views.base import Act, AdminPage, Offer, accept, typed

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest

    from audit.models import Actor

PAGE, PROPOSALS = 100, 12


class Units(AdminPage):
    """The tree of the units that the person administers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words = typed(request)
        units = administered_units(self.person, clock.now(), words)
        page = Paginator(units, PAGE).get_page(request.GET.get("page"))
        return render(
            request, "organizations/units.html", {"page": page, "rows": tree_rows(page.object_list), "q": words}
        )


class FindUnits(AdminPage):
    """Proposals while a code is typed."""

    def get(self, request: HttpRequest) -> JsonResponse:
        found = administered_units(self.person, clock.now(), typed(request))[:PROPOSALS]
        return JsonResponse([{"value": unit.code, "label": f"{unit.name} ({unit.code})"} for unit in found], safe=False)


class UnitView(AdminPage):
    """A page or act of one unit that the person administers."""

    @cached_property
    def unit(self) -> Unit:
        unit: Unit = get_object_or_404(Unit.objects.select_related("organ_unit"), pk=self.kwargs["pk"])
        if not is_admin_of(self.person, unit, clock.now()):
            raise Http404
        return unit

    def show(self, refused: dict[str, Form] | None = None) -> HttpResponse:
        refused = refused or {}
        context = {
            "unit": self.unit,
            "names": self.unit.names.order_by("-valid_from", "-id"),
            "placements": self.unit.placements.select_related("parent")
            .prefetch_related("parent__names")
            .order_by("-valid_from", "-id"),
            "children": Unit.objects.get_children(self.unit).annotate(name_today=Unit.current_name()).order_by("path"),
            "posts": posts_with_holders(Post.objects.filter(unit=self.unit), clock.today()),
            "offers": [self.offer(name, act, refused.get(name)) for name, act in ACTS.items()],
        }
        return render(self.request, "organizations/unit.html", context, status=422 if refused else 200)

    def offer(self, name: str, act: Act, refused: Form | None) -> Offer:
        url = reverse(f"organizations:unit-{name}", args=[self.unit.pk])
        form = refused or act.make_form(self, name)
        return Offer(act.title, act.button, form, url, refused is not None, act.is_dangerous)


class UnitPage(UnitView):
    """One unit: what it is called, where it stands, what stands below, posts and who holds them."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show()


class UnitAct(UnitView):
    """One act on a unit; refused, the page comes again with what was typed."""

    name = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        act = ACTS[self.name]
        form = act.make_form(self, self.name, request.POST)
        if not accept(form, act.do, unit=self.unit, actor=self.actor):
            return self.show({self.name: form})
        messages.success(request, act.done)
        return HttpResponseRedirect(reverse("organizations:unit", args=[self.unit.pk]))


def _add_form(view: UnitView, name: str, data: Any = None) -> Form:
    return UnitForm(data, prefix=name, initial={"tier": view.unit.tier, "place": view.unit.place})


def _change_form(view: UnitView, name: str, data: Any = None) -> Form:
    unit = view.unit
    initial = {"symbol": unit.symbol, "place": unit.place, "organ_id": unit.organ_id}
    return ChangeUnitForm(data, prefix=name, initial=initial)


def _rename_form(view: UnitView, name: str, data: Any = None) -> Form:
    return RenameForm(data, prefix=name, initial={"name": view.unit.name})


def _post_form(view: UnitView, name: str, data: Any = None) -> Form:
    return PostForm(data, prefix=name, grantable=grantable_roles(view.person, clock.now()))


def _appoint_form(view: UnitView, name: str, data: Any = None) -> Form:
    posts = Post.objects.filter(unit=view.unit, is_closed=False).order_by("order", "id")
    return AppointForm(data, prefix=name, posts=posts)


def _placed_form(kind: type[Form], field: str, view: UnitView, name: str, data: Any = None) -> Form:
    form = kind(data, prefix=name)
    form.fields[field].rows = administered_units(view.person, clock.now())  # type: ignore[attr-defined]
    return form


def _add_below(*, unit: Unit, actor: Actor, **facts: Any) -> None:
    services.create_unit(parent=unit, actor=actor, **facts)


def _appoint(*, unit: Unit, actor: Actor, **facts: Any) -> None:  # the form offers this unit's posts alone
    services.appoint(actor=actor, **facts)


ACTS = {
    "appoint": Act(
        _("Appoint somebody"), _("Appoint"), _("Appointed; what waits for the post is in the inbox."), _appoint_form, _appoint
    ),
    "add-post": Act(_("Add a post"), _("Add the post"), _("The post is set up."), _post_form, services.create_post),
    "add": Act(_("Add a unit below"), _("Add the unit"), _("The unit is set up."), _add_form, _add_below),
    "change": Act(
        _("What new papers bear"), _("Save"), _("New papers bear this from now on."), _change_form, services.change_unit
    ),
    "rename": Act(
        _("Rename"), _("Keep the new name"), _("The new name is kept with its date."), _rename_form, services.rename_unit
    ),
    "move": Act(
        _("Move below another unit"), _("Move"), _("The unit stands in its new place; the past is kept."),
        partial(_placed_form, MoveForm, "parent"), services.move_unit,
    ),
    "close": Act(
        _("Close the unit"), _("Close the unit"), _("The unit is closed from that day on; its papers keep its name."),
        partial(_placed_form, CloseUnitForm, "successor"), services.close_unit, is_dangerous=True,
    ),
}  # fmt: skip
