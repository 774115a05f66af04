"""Headers that no package sets for us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError
from django.utils import translation

from ui.errors import busy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

LOCK_NOT_AVAILABLE = "55P03"
POLICY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


class PermissionsPolicyMiddleware:
    """Says which powers of the browser the office asks for: the camera, to take a picture of a paper."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response


class LanguageMiddleware:
    """
    Vietnamese first: English only for whoever chose it. A browser that was installed in English says nothing about its
    officer, so its `Accept-Language` is not asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class BusyMiddleware:
    """
    A row that somebody else held for longer than `lock_timeout` is no fault of the program: the person is asked to try again.

    Acts that keep what was typed catch this themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for what no view has caught."""
        is_busy = isinstance(exception, OperationalError)
        if is_busy and getattr(exception.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE:
            return busy(request, exception)
        return None
