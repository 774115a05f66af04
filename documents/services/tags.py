"""Words that the office which owns a paper keeps it under."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core.vietnamese import clean, place_tones
from documents import policies
from documents.models import Document, DocumentTag
from documents.models.tags import LONGEST_TAG
from documents.services.confirmation import lock
from live import publish

if TYPE_CHECKING:
    from audit.models import Actor

MOST_TAGS = 20


class WrongTag(Exception):
    """Nothing was changed; the message says what to do next."""


def canonical_tag(text: str) -> str:
    """
    How a tag is kept: NFC, one blank between words, tone marks where they are put today; letters as they were typed.

    :raises WrongTag: if nothing is left, or more than a tag may have
    """
    name = " ".join(place_tones(clean(text)).split())
    if not name:
        raise WrongTag(_("Write the tag first."))
    if len(name) > LONGEST_TAG:
        raise WrongTag(_("A tag has at most %(count)s letters.") % {"count": LONGEST_TAG})
    return name


@transaction.atomic
def add_tag(*, document: Document, text: str, actor: Actor) -> DocumentTag:
    """
    Keep a paper under a tag. One that differs in capitals alone, or in the place of a tone mark, is the same tag.

    :raises NotAllowed: for whoever does not belong to the office of the owner unit
    :raises WrongTag: if it is none, or the paper has enough
    """
    actor = policies.require_tagger(actor, document)
    name, document = canonical_tag(text), lock(document)
    known = {tag.name.lower(): tag for tag in document.tags.all()}
    if found := known.get(name.lower()):
        return found
    if len(known) >= MOST_TAGS:
        raise WrongTag(_("A paper has at most %(count)s tags. Remove one first.") % {"count": MOST_TAGS})
    tag = DocumentTag.plain.create(document=document, name=name)
    publish(f"document:{document.pk}")
    record("documents.tag.added", target=document, actor=actor, data={"tag": name})
    return tag


@transaction.atomic
def remove_tag(*, document: Document, text: str, actor: Actor) -> bool:
    """
    Take a tag away; False where the paper has none of this name.

    :raises NotAllowed: for whoever does not belong to the office of the owner unit
    """
    actor = policies.require_tagger(actor, document)
    document = lock(document)
    name = " ".join(place_tones(clean(text)).split())
    gone = [tag for tag in document.tags.all() if tag.name.lower() == name.lower()]
    for tag in gone:
        tag.delete()
    if gone:
        publish(f"document:{document.pk}")
        record("documents.tag.removed", target=document, actor=actor, data={"tag": gone[0].name})
    return bool(gone)
