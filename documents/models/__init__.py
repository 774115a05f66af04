"""The paper itself: what it is, its bytes and text, its numbers, who may read it."""

from documents.models.access import DocumentAccess, DocumentLink
from documents.models.arrivals import Arrival, Mail, Route
from documents.models.document import Document, DocumentType, ReadState, Urgency, Validity
from documents.models.drafts import DraftVersion
from documents.models.files import DocumentFile, ExtractedField, Page
from documents.models.prints import PaperPrint
from documents.models.registers import Register, RegisterEntry, RegisterOpening
from documents.models.tags import DocumentTag

__all__ = [
    "Arrival",
    "Document",
    "DocumentAccess",
    "DocumentFile",
    "DocumentLink",
    "DocumentTag",
    "DocumentType",
    "DraftVersion",
    "ExtractedField",
    "Mail",
    "Page",
    "PaperPrint",
    "ReadState",
    "Register",
    "RegisterEntry",
    "RegisterOpening",
    "Route",
    "Urgency",
    "Validity",
]
