"""The gallery: every component once, with example data."""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from ui.gallery import ExampleForm, example_steps, icon_names


@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show all components to whoever is signed in; it holds no paper and no person."""
    now = timezone.now()
    context = {
        "fresh_form": ExampleForm(prefix="fresh"),
        "refused_form": _refused_form(),
        "late": now - timedelta(days=1),
        "today": timezone.localtime(now).replace(hour=23, minute=58),
        "soon": timezone.localdate(now) + timedelta(days=2),
        "parts": [
            ("done", 64, "hoàn thành"),
            ("doing", 5, "đang xử lý"),
            ("got", 2, "đã nhận"),
            ("late", 6, "quá hạn"),
            ("back", 1, "trả lại"),
        ],
        "steps": example_steps(),
        "icon_names": icon_names(),
        "page": Paginator(range(240), 20).page(3),
        "highlights": [{"page": 1, "x": 0.1, "y": 0.1, "w": 0.3, "h": 0.03}],
    }
    return render(request, "ui/gallery.html", context)


def _refused_form() -> forms.Form:
    form = ExampleForm({"refused-due_date": "20/11", "refused-reason": "Sai"}, prefix="refused")
    form.is_valid()
    return form


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Change the language of this browser, and of the account, which would otherwise win on the next page."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and check_for_language(chosen) and hasattr(request.user, "language"):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return set_language(request)
