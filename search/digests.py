"""One mail a day to whom there is news: how much, and where to look. Never what (domain.md C7, reliability.md 2)."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock
from organizations.models import User
from search.models import Digest, SavedHit

if TYPE_CHECKING:
    from datetime import date, datetime

logger = logging.getLogger(__name__)
REASON = "whose mail is due; what they may see is asked for each"


def mails_go_out() -> bool:
    """Whether the office can send mail at all."""
    return bool(settings.SENDS_MAIL)


def send_digests(at: datetime) -> int:
    """To everybody with news that no mail has told of; returns how many mails went out. Twice a day is once."""
    if not mails_go_out():
        return 0
    waiting = SavedHit.objects.system(REASON).filter(is_new=True, is_mailed=False).values("saved__owner")
    people = User.objects.filter(pk__in=waiting, is_active=True).exclude(email="").order_by("pk")
    return sum(_send(person, clock.office_date(at)) for person in people)


def _send(person: User, day: date) -> bool:
    try:
        digest = _mark(person, day)
    except IntegrityError:  # today's went out already
        return False
    if digest is None:
        return False
    try:
        with translation.override(person.language):
            send_mail(_subject(digest.count), _body(digest.count), settings.DEFAULT_FROM_EMAIL, [person.email])
    except (OSError, SMTPException):
        logger.exception("the digest of person %s was not sent", person.pk)
        return False
    digest.sent_at = clock.now()
    digest.save(update_fields=["sent_at"])
    return True


@transaction.atomic
def _mark(person: User, day: date) -> Digest | None:
    """Before sending: of two senders one goes on, and a mail that may have gone out is not sent again."""
    found = SavedHit.objects.visible_to(person).filter(is_new=True, is_mailed=False)
    ids = list(found.values_list("pk", flat=True))
    if not ids:
        return None
    papers = set(found.values_list("document", flat=True))
    digest = Digest.objects.create(person=person, day=day, count=len(papers))
    SavedHit.plain.filter(pk__in=ids).update(is_mailed=True)
    return digest


def _subject(count: int) -> str:
    return _("Vanthu: %(count)s new papers match your saved searches") % {"count": count}


def _body(count: int) -> str:
    words = _("%(count)s new papers match searches that you keep. Sign in to see them:") % {"count": count}
    why = _("You get this mail at most once a day. To end it, switch the alert off on the same page.")
    return f"{words}\n\n{settings.OFFICE_URL.rstrip('/')}{reverse('search:saved')}\n\n{why}\n"
