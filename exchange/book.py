"""The books' columns “recipients” and “copies”: whom an issued paper was sent to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from documents.book import MOST_NAMED, Passed, tells_where_papers_went
from documents.models import Register
from exchange.models import Delivery
from organizations.models import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from documents.models import RegisterEntry

REASON = "the caller's office keeps the book in which these papers stand as sent by itself"


@tells_where_papers_went
def recipients_of(entries: Sequence[RegisterEntry]) -> Mapping[int, Passed]:
    """By line of a book of issues: its recipients, by name while they are few."""
    issued = [entry for entry in entries if entry.register.direction == Register.Direction.OUT]
    if not issued:
        return {}
    rows = Delivery.objects.system(REASON).filter(
        dispatch__document__in=[entry.document_id for entry in issued],
        dispatch__sender_unit__in={entry.register.unit_id for entry in issued},
    )
    found: dict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    named = rows.annotate(unit_name=Unit.current_name("unit")).order_by("unit__path")
    for document, sender, unit, name in named.values_list(
        "dispatch__document", "dispatch__sender_unit", "unit", "unit_name"
    ):
        found[document, sender].append((unit, name))
    sent = {entry.pk: found[entry.document_id, entry.register.unit_id] for entry in issued}
    return {pk: _passed(recipients) for pk, recipients in sent.items() if recipients}


def _passed(recipients: list[tuple[int, str]]) -> Passed:
    names = list(dict(recipients).values())
    words = ", ".join(names[:MOST_NAMED])
    if more := len(names[MOST_NAMED:]):
        words = ngettext("%(names)s and %(count)s more unit", "%(names)s and %(count)s more units", more) % {
            "names": words, "count": more,
        }  # fmt: skip
    return Passed(words, copies=len(names))
