"""For whom the pages of this room are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from core import clock
from organizations.policies import is_sys_admin
from organizations.views.base import Page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


def of_sys_admins(request: HttpRequest) -> bool:
    """Whether the machine is this person's to look after."""
    return request.user.is_authenticated and is_sys_admin(request.user, clock.now())


class SysAdminPage(Page):
    """For system administrators; for everybody else it is not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not of_sys_admins(request):
            raise Http404
        return super().dispatch(request, *args, **kwargs)
