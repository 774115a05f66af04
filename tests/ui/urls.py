"""The addresses this room's tests need, whatever the other rooms have."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def paper(request: HttpRequest) -> HttpResponse:
    return render(request, "tests_ui/paper.html")


def upload(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        names = [file.name for file in request.FILES.getlist("file")]
        return HttpResponse(f'{{"url": "/gone/", "words": "Đã nhận {names[0]}"}}', content_type="application/json")
    return render(request, "tests_ui/upload.html")


def autosave(request: HttpRequest) -> HttpResponse:
    if request.POST.get("version") == "1":
        return HttpResponse('{"version": 2, "saved_at": "09:14:05"}', content_type="application/json")
    theirs = '{"version": 7, "text": "Bản của thư ký", "who": "Đ/c Hùng"}'
    return HttpResponse(theirs, content_type="application/json", status=409)


def autosave_page(request: HttpRequest) -> HttpResponse:
    return render(request, "tests_ui/autosave.html")


def broken(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(([path("", nothing, name="inbox")], "desk"))),
    path("tra-cuu/", include(([path("", nothing, name="page")], "search"))),
    path("ui/", include("ui.urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("paper/", paper),
    path("upload/", upload),
    path("autosave/", autosave),
    path("autosave/page/", autosave_page),
    path("broken/", broken),
]
handler400 = "ui.errors.bad_request"
handler403 = "ui.errors.permission_denied"
handler404 = "ui.errors.not_found"
handler500 = "ui.errors.server_error"
