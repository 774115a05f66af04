"""
Pages for what went wrong: what happened, what was not done, what to do next, and a code found in the log.

config/urls.py names them as handler400, handler403, handler404 and handler500; settings name `csrf_failure`.
"""

import logging
import secrets
import sys

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


class OthersTask(Http404):
    """
    A page for what is others' task: it is not there for this person, and a sentence says whose task it is.

    For pages of the office's functions alone. Of a paper, a meeting or a person nothing is ever said but that it is not found.
    """


LETTERS = "ACDEFHJKLMNPRTUVWXY3479"  # none that is taken for another when read out over the telephone


def new_code() -> str:
    """Make the four characters that a page shows and the log keeps."""
    return "".join(secrets.choice(LETTERS) for _place in range(4))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return _page(
        request,
        400,
        _("This request cannot be understood"),
        _("Nothing was changed. Go back and try again."),
        exception,
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403; a refusal with a sentence of its own is shown with it."""
    said = str(exception or "")
    advice = said or _("Nothing was changed. If this is your work, ask the clerk of your office who may see it.")
    return _page(request, 403, _("This is not open to you"), advice, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404; also for a paper outside the reader's scope, which must not be betrayed."""
    if isinstance(exception, OthersTask):
        return _page(request, 404, _("This is not open to you"), str(exception), exception)
    advice = _("There is nothing at this address, or it is not open to you. Look in the inbox or search for it.")
    return _page(request, 404, _("Not found"), advice, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 if it is the database that is away. Asks no database."""
    exception = sys.exc_info()[1]
    if isinstance(exception, (OperationalError, InterfaceError)):
        return unavailable(request, exception)
    advice = _("What you just did was not saved. Try again in a minute; if it stays, tell the administrator this code.")
    return _page(request, 500, _("Something broke on our side"), advice, None)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 503 while a part of the office is down."""
    advice = _("The office is being brought up again. Nothing is lost; try again in a minute.")
    response = _page(request, 503, _("Closed for a moment"), advice, exception)
    response["Retry-After"] = "60"
    return response


def busy(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 503 for an act that waited too long for somebody else's."""
    advice = _(
        "Somebody else is changing the same thing at this moment. Nothing was changed; try again in a few seconds."
    )
    response = _page(request, 503, _("One moment, please"), advice, exception)
    response["Retry-After"] = "5"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a form that was open too long."""
    logger.info("CSRF refused: %s", reason)
    advice = _("Nothing was changed. Go back, load the page again and send the form once more.")
    return _page(request, 403, _("This form was open too long"), advice, None)


def _page(request: HttpRequest, status: int, title: str, advice: str, exception: Exception | None) -> HttpResponse:
    code = new_code()
    logger.warning("Error page %s with code %s for %s: %s", status, code, request.path, type(exception).__name__)
    context = {"error_title": title, "advice": advice, "code": code, "status": status}
    # Without the request: its context processors may ask the very database that is down.
    text = loader.get_template("ui/error.html").render(context)
    return HttpResponse(text, status=status)
