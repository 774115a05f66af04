"""The addresses this room's tests need, whatever the other rooms have."""

from collections.abc import Callable
from functools import lru_cache

from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import URLPattern, URLResolver, include, path
from weasyprint import HTML


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def page(body: str, elements: str) -> Callable[[HttpRequest], HttpResponse]:
    """Make a view of a page in the shell; `{% element %}` loads what it needs."""
    loads = "".join(f'{{% element "{name}" %}}' for name in elements.split())
    source = (
        '{% extends "ui/base.html" %}{% load ui_tags %}{% block title %}Thử{% endblock %}{% block heading %}Thử{% endblock %}'
        f"{{% block content %}}{body}{{% endblock %}}{{% block scripts %}}{loads}{{% endblock %}}"
    )

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(engines["django"].from_string(source).render({}, request))

    return view


def paper_file(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(three_pages(), content_type="application/pdf")


@lru_cache
def three_pages() -> bytes:
    sheets = "".join(f"<p style='break-after: page'>Công đoàn phường Đông Thành, trang {n}</p>" for n in (1, 2, 3))
    return bytes(HTML(string=f"<html lang=vi><body>{sheets}").write_pdf())


def take(request: HttpRequest) -> HttpResponse:
    name = str(request.FILES.getlist("file")[0].name)
    if name.endswith(".txt"):
        return JsonResponse({"error": "Tệp này không phải văn bản quét."}, status=400)
    return JsonResponse({"url": "/ui/gallery/", "words": f"Đã nhận {name}, {request.POST['secrecy']}"})


def autosave(request: HttpRequest) -> HttpResponse:
    if request.POST.get("version") == "1":
        return JsonResponse({"version": 2, "saved_at": "09:14:05"})
    return JsonResponse({"version": 7, "text": "Bản của thư ký", "who": "Đ/c Hùng"}, status=409)


CONFIRM = """
<vb-confirm><div class="v-intake v-intake--two">
<div class="v-crop"><vb-pdf src="/paper.pdf"></vb-pdf></div>
<div class="v-confirm"><form method="post" action="/autosave/">{% csrf_token %}
<div class="v-field"><label for="a">Loại</label>
<input class="v-input" id="a" name="a" data-page="1" data-box="[0.1,0.1,0.2,0.05]"></div>
<div class="v-field v-field--doubt"><label for="b">Số</label>
<input class="v-input" id="b" name="b" data-page="2" data-box="[0.2,0.2,0.2,0.05]"></div>
<div class="v-field"><label for="c">Trích yếu</label><textarea class="v-input" id="c" name="c"></textarea></div>
<div class="v-field"><label for="d">Hạn</label><input class="v-input" id="d" name="d"></div>
<button class="v-button v-button--primary" type="submit">Vào sổ</button>
</form></div></div></vb-confirm>"""
UPLOAD = """
<vb-upload><form method="post" action="/take/" enctype="multipart/form-data">{% csrf_token %}
<label for="s">Độ mật</label><select class="v-input" id="s" name="secrecy" required>
<option value="">Chọn</option><option value="none">không mật</option></select>
<label for="f">Tệp</label><input class="v-input" type="file" id="f" name="file" multiple>
<button>Tải lên</button></form></vb-upload>"""
AUTOSAVE = """
<vb-autosave data-url="/autosave/" data-version="1"><label for="t">Biên bản</label>
<textarea class="v-input" id="t" name="text"></textarea></vb-autosave>"""
PAPER = """
<div class="v-paper"><vb-pdf src="/paper.pdf"
 data-highlights='[{"page": 1, "x": 0.1, "y": 0.1, "w": 0.3, "h": 0.02}]'><a href="/paper.pdf">Tải về</a></vb-pdf></div>"""
BROKEN_PAPER = '<vb-pdf src="/take/"><a href="/take/">Tải bản gốc</a></vb-pdf>'


def broken(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def without_database(_request: HttpRequest) -> HttpResponse:
    """Asks a server that is not there."""
    DatabaseWrapper({**connection.settings_dict, "HOST": "/nowhere"}).cursor()
    return HttpResponse("found one")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(([path("", nothing, name="inbox")], "desk"))),
    path("tra-cuu/", include(([path("", nothing, name="page")], "search"))),
    path("ui/", include("ui.urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("paper.pdf", paper_file),
    path("paper/", page(PAPER, "pdf")),
    path("paper/broken/", page(BROKEN_PAPER, "pdf")),
    path("confirm/", page(CONFIRM, "pdf confirm")),
    path("upload/", page(UPLOAD, "upload")),
    path("take/", take),
    path("autosave/", autosave),
    path("autosave/page/", page(AUTOSAVE, "autosave")),
    path("broken/", broken),
    path("without-database/", without_database),
]
handler400 = "ui.errors.bad_request"
handler403 = "ui.errors.permission_denied"
handler404 = "ui.errors.not_found"
handler500 = "ui.errors.server_error"
