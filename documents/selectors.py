"""What screens, search and other rooms read of papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.clock import today
from core.symbols import normal_symbol
from documents.models import (
    Arrival,
    Document,
    DocumentAccess,
    DocumentFile,
    DocumentLink,
    DocumentTag,
    ExtractedField,
    Page,
    ReadState,
    Register,
    RegisterEntry,
    RegisterOpening,
    Validity,
)
from organizations.models import UnitName
from organizations.selectors import units_around

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from organizations.models import Unit, User

FILE_ORDER = [
    DocumentFile.Kind.ISSUED,
    DocumentFile.Kind.SCAN,
    DocumentFile.Kind.DRAFT,
    DocumentFile.Kind.ARCHIVE,
    DocumentFile.Kind.ATTACHMENT,
    DocumentFile.Kind.SOURCE,
]
BESIDE = (DocumentFile.Kind.ATTACHMENT, DocumentFile.Kind.SOURCE, DocumentFile.Kind.ARCHIVE)  # not the paper itself
ORIGINAL, ARCHIVE = COPY_KINDS = ("original", "archive")  # as scripts and outside programs call them
NOT_SHOWN = {"image/tiff", "image/heic"}  # by most browsers
HANDLED = "text of papers that the caller may handle"
LOCKED_AWAY_SHOWN = timedelta(days=7)
NOT_FOUND = {Validity.WITHDRAWN, Validity.QUARANTINED}
LABELS: dict[str, _StrPromise] = {
    "doc_type": _("Document type"),
    "number": _("Number"),
    "symbol": _("Symbol"),
    "issue_date": _("Document date"),
    "issuer": _("Issuer"),
    "parent_organ": _("Organ above"),
    "place": _("Place of issue"),
    "subject": _("Subject"),
    "signer": _("Signer"),
    "signer_title": _("Signer's title"),
    "urgency": _("Urgency"),
    "due_date": _("Deadline"),
}
MOST_NAMES, MOST_REFUSED = 60, 20
# Names of proposals (as in the samples' index) where they differ from the columns they become.
PROPOSED_AS = {"doc_type": "type", "issue_date": "date", "due_date": "due", "parent_organ": "parent"}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One fact of a paper, confirmed or as proposed; box in shares of the displayed page."""

    name: str
    label: str
    value: str
    confidence: float | None
    page: int | None
    box: list[float] | None
    is_confirmed: bool


def fields_of(document: Document) -> list[FieldView]:
    """The facts of a paper in the order of the confirm page."""
    proposals = {field.name: field for field in document.fields.all()}
    return [_field_view(document, name, proposals.get(PROPOSED_AS.get(name, name))) for name in LABELS]


def _field_view(document: Document, name: str, proposal: ExtractedField | None) -> FieldView:
    confirmed = document.is_confirmed
    value = _words(document, name) if confirmed else proposal.value if proposal else None
    return FieldView(
        name=name,
        label=str(LABELS[name]),
        value="" if value is None else str(value),
        confidence=proposal.confidence if proposal and proposal.value and not confirmed else None,
        page=proposal.page if proposal else None,
        box=proposal.box if proposal else None,
        is_confirmed=confirmed,
    )


def _words(document: Document, name: str) -> str:
    value: Any = getattr(document, name)
    if name == "urgency":
        return str(document.get_urgency_display()) if value else ""
    if hasattr(value, "strftime"):
        return str(value.strftime("%d/%m/%Y"))
    return str(value or "")


def proposals_of(document: Document) -> dict[str, ExtractedField]:
    """What was read, by the names of the samples' index."""
    return {field.name: field for field in document.fields.all()}


def latest_file(files: Iterable[DocumentFile]) -> DocumentFile | None:
    """The file to show first: as issued, as received, as drafted; the newest of its kind."""
    ranked = sorted(files, key=lambda file: (FILE_ORDER.index(DocumentFile.Kind(file.kind)), -file.pk))
    return ranked[0] if ranked else None


def shown_first(files: Iterable[DocumentFile]) -> DocumentFile | None:
    """The same for a browser: where it cannot show the file itself, the copy of it."""
    known = list(files)
    file = latest_file(known)
    if file is None or file.media_type not in NOT_SHOWN:
        return file
    return twin_of(file, known) or file


def twin_of(file: DocumentFile | None, files: Iterable[DocumentFile]) -> DocumentFile | None:
    """The copy of a file, or what it is the copy of, among those that somebody may see."""
    if file is None:
        return None
    return next((one for one in files if one.copy_of_id == file.pk or one.pk == file.copy_of_id), None)


def file_of(document: Document, kind: str) -> DocumentFile | None:
    """The paper as it came ("original": what `latest_file` shows), or the copy made of that ("archive"); the caller may see it."""
    files = list(document.files.all())
    original = latest_file(file for file in files if file.kind not in BESIDE)
    if kind == ORIGINAL or original is None:
        return original
    return next((file for file in files if file.copy_of_id == original.pk), None)


def page_texts(document: Document, *, with_boxes: bool = False) -> list[Page]:
    """The pages of the paper's newest file that has been read."""
    return pages_by_document([document.pk], with_boxes=with_boxes).get(document.pk, [])


def pages_by_document(ids: Collection[int], *, with_boxes: bool = False) -> dict[int, list[Page]]:
    """For each paper the pages of the file that speaks for it, in order; two queries for any number."""
    speaking = _speaking_files(ids)
    found: dict[int, list[Page]] = {}
    pages = Page.objects.system(HANDLED).filter(file__in=speaking)
    for page in (pages if with_boxes else pages.defer("boxes")).order_by("file_id", "number"):
        found.setdefault(speaking[page.file_id], []).append(page)
    return found


def _speaking_files(ids: Collection[int]) -> dict[int, int]:
    """
    The newest read file of each paper: file to paper.

    Once a paper is issued, only the last version of its draft may stand in until the issued file is read: whoever receives
    it never sees how it came about.
    """
    read = Exists(Page.objects.system(HANDLED).filter(file=OuterRef("pk")))
    files = DocumentFile.objects.system(HANDLED).filter(document__in=ids).exclude(kind__in=BESIDE)
    facts = files.annotate(is_read=read).values_list("document_id", "pk", "kind", "document__state", "is_read")
    newest: dict[int, int] = {}
    for document, file, kind, state, is_read in facts.order_by("pk"):
        if kind == DocumentFile.Kind.DRAFT and state != Validity.DRAFT:
            newest.pop(document, None)  # the version before this one
        if is_read:
            newest[document] = file
    return {file: document for document, file in newest.items()}


@dataclass(frozen=True, slots=True)
class IndexableDocument:
    """A paper as the index keeps it."""

    id: int
    symbol: str
    symbol_norm: str
    type_id: int | None
    type_name: str
    unit_id: int
    unit_name: str
    year: int | None
    date: str | None
    title: str
    body: str
    tokens: list[str]
    issuer: str
    state: str
    tags: list[str]
    is_confirmed: bool


def indexable(ids: Collection[int]) -> list[IndexableDocument]:
    """The present state of the papers that search may find; one that is missing here must be forgotten."""
    rows = Document.objects.system("the index carries the readers' tokens itself").filter(pk__in=ids)
    documents = list(
        rows.exclude(state__in=NOT_FOUND)
        .select_related("doc_type", "owner_unit")
        .prefetch_related("owner_unit__names", "tags")
    )
    tokens: dict[int, set[str]] = {}
    for document_id, token in DocumentAccess.objects.filter(document__in=ids).values_list("document_id", "token"):
        tokens.setdefault(document_id, set()).add(token)
    pages = pages_by_document([document.pk for document in documents])
    return [_indexable(document, tokens.get(document.pk, set()), pages.get(document.pk, [])) for document in documents]


def _all_papers() -> QuerySet[Document]:
    return Document.objects.system("numbers, nothing of the papers")


def ids_after(pk: int, n: int) -> list[int]:
    """The next ids of papers beyond one, ascending, whatever their state."""
    return list(_all_papers().filter(pk__gt=pk).order_by("pk").values_list("pk", flat=True)[:n])


def newest_id() -> int:
    """The highest number of any paper; 0 without papers."""
    return _all_papers().order_by("-pk").values_list("pk", flat=True).first() or 0


def findable_count() -> int:
    """How many papers search may find, whoever asks."""
    return _all_papers().exclude(state__in=NOT_FOUND).count()


def _indexable(document: Document, tokens: set[str], pages: Sequence[Page]) -> IndexableDocument:
    day = document.issue_date
    return IndexableDocument(
        id=document.pk, symbol=document.full_symbol, symbol_norm=document.symbol_norm,
        type_id=document.doc_type_id, type_name=str(document.doc_type or ""),
        unit_id=document.owner_unit_id, unit_name=document.owner_unit.name,
        year=day.year if day else None, date=day.isoformat() if day else None,
        title=document.subject, body="\n\n".join(page.text for page in pages),
        tokens=sorted(tokens), issuer=" ".join(document.issuer.split()), state=document.state,
        tags=sorted(tag.name for tag in document.tags.all()), is_confirmed=document.is_confirmed,
    )  # fmt: skip


def pages_to_review(file: DocumentFile) -> list[int]:
    """Numbers of the pages whose words a person should look at; the caller may see the file."""
    read = (file.copy_of or file).pages.filter(needs_review=True)
    return list(read.order_by("number").values_list("number", flat=True))


def failed_pages(document: Document) -> list[int]:
    """Numbers of the pages that could not be read; empty where none could."""
    if document.read_state != ReadState.PARTIAL:
        return []
    return [page.number for page in page_texts(document) if page.source == Page.Source.FAILED]


def replacements(ids: Collection[int], user: User) -> dict[int, Document]:
    """
    By which paper in force each of these is replaced, as far as the person may see it: the newest.

    One query where nothing replaces anything, else two.
    """
    links = DocumentLink.objects.filter(kind=DocumentLink.Kind.REPLACES, target__in=ids)
    pairs = list(links.values_list("target_id", "source_id"))
    if not pairs:
        return {}
    sources = Document.objects.visible_to(user).filter(pk__in={source for _target, source in pairs})
    seen = {one.pk: one for one in sources.filter(state=Validity.IN_FORCE)}
    known = [(target, seen[source]) for target, source in pairs if source in seen]
    return dict(sorted(known, key=lambda pair: (str(pair[1].issue_date or "9999"), pair[1].pk)))


def replaced_by_paper(document: Document, user: User) -> list[Document]:
    """The papers that this one replaces, as far as the person may see them."""
    links = DocumentLink.objects.filter(kind=DocumentLink.Kind.REPLACES, source=document)
    rows = Document.objects.visible_to(user).filter(pk__in=links.values("target")).select_related("doc_type")
    return list(rows.order_by("id"))


def replaceable(document: Document, user: User, text: str) -> list[Document]:
    """Confirmed papers in force with this number and symbol, or this number, that the person may see; newest first."""
    symbol = normal_symbol(text)
    if symbol is None and not text.isdecimal():
        return []
    asked = Q(symbol_norm=symbol) if symbol else Q(number__regex=rf"^0*{int(text)}$")
    seen = Document.objects.visible_to(user).filter(asked, state=Validity.IN_FORCE, confirmed_at__isnull=False)
    taken = DocumentLink.objects.filter(kind=DocumentLink.Kind.REPLACES, source=document).values("target")
    rows = seen.exclude(pk=document.pk).exclude(pk__in=taken).select_related("doc_type")
    return list(rows.order_by("-issue_date", "-id")[:10])


def uploads_of(unit: Unit, user: User) -> QuerySet[Document]:
    """What a unit's office has taken in and not yet entered in its book, newest first."""
    mine = Document.objects.visible_to(user).filter(owner_unit=unit, files__kind=DocumentFile.Kind.SCAN)
    entered = RegisterEntry.objects.filter(
        document=OuterRef("pk"), register__unit=unit, register__direction=Register.Direction.IN,
        state=RegisterEntry.State.USED,
    )  # fmt: skip
    waiting = mine.filter(~Exists(entered), state__in=[Validity.UNCONFIRMED, Validity.IN_FORCE])
    subjects = Prefetch(
        "fields", ExtractedField.objects.visible_to(user).filter(name="subject"), to_attr="read_subjects"
    )
    return waiting.select_related("doc_type").prefetch_related("files", subjects).distinct().order_by("-id")


def title_words(document: Document) -> str:
    """What to call an upload (of `uploads_of`): its subject, what was read as such, or the name of its file."""
    read = [str(field.value) for field in document.read_subjects if field.value]  # type: ignore[attr-defined]
    return document.subject or next(iter(read), "") or min(document.files.all(), key=lambda file: file.pk).name


def read_subjects(papers: Collection[int], user: User) -> dict[int, str]:
    """What was read as the subject of papers that nobody has confirmed yet."""
    fields = ExtractedField.objects.visible_to(user).filter(document__in=papers, name="subject").order_by("id")
    return {pk: str(value) for pk, value in fields.values_list("document", "value") if value}


def locked_away(unit: Unit, user: User) -> QuerySet[Document, datetime]:
    """When the uploads of a person were made that had to be locked away lately: the fact alone, nothing of the papers."""
    since = clock.now() - LOCKED_AWAY_SHOWN
    rows = Document.objects.system("whoever took a secret paper in has to hand it over; only the moment is told")
    mine = rows.filter(owner_unit=unit, created_by=user, state=Validity.QUARANTINED, created_at__gt=since)
    return mine.order_by("-id").values_list("created_at", flat=True)


def quarantined(user: User) -> QuerySet[Document]:
    """What was locked away and is still here, newest first: the security officer's, found by the officer's own token."""
    rows = Document.objects.visible_to(user).filter(state=Validity.QUARANTINED, files__removed_at__isnull=True)
    own_words = Count("files", filter=Q(files__kind__in=[DocumentFile.Kind.DRAFT, DocumentFile.Kind.ISSUED]))
    return rows.select_related("owner_unit", "created_by").annotate(own_words=own_words).order_by("-id")


def registered(units: Sequence[Unit], user: User, direction: str) -> QuerySet[RegisterEntry]:
    """Lines of the books of these units whose papers the person may see, newest first."""
    visible = Document.objects.visible_to(user).values("pk")
    rows = RegisterEntry.objects.filter(register__unit__in=units, register__direction=direction, document__in=visible)
    return rows.select_related("document__doc_type", "register").order_by("-register__year", "-number_int", "-id")


def arrivals_of(document: Document, units: Sequence[Unit]) -> QuerySet[RegisterEntry]:
    """Under which numbers these units took a paper in; the caller has found the paper through `visible_to`."""
    used = RegisterEntry.objects.filter(document=document, register__unit__in=units, state=RegisterEntry.State.USED)
    return used.filter(register__direction=Register.Direction.IN).order_by("id")


def register_lines(unit: Unit, year: int, direction: str) -> QuerySet[RegisterEntry]:
    """A whole book in the order of its numbers; the caller has checked that the person belongs to the unit's office."""
    rows = RegisterEntry.objects.filter(register__unit=unit, register__year=year, register__direction=direction)
    return rows.select_related("document__doc_type", "entered_by", "register").order_by(
        "number_int", "number_suffix", "id"
    )


def register_years(unit: Unit, direction: str) -> list[int]:
    """The years for which the unit has a book, and this one."""
    years = set(Register.objects.filter(unit=unit, direction=direction).values_list("year", flat=True))
    return sorted(years | {today().year}, reverse=True)


@dataclass(frozen=True, slots=True)
class BookLock:
    """Whether a book takes lines, and to whom it is open although it is locked."""

    register_id: int | None
    is_locked: bool
    openings: list[RegisterOpening]

    def is_open_to(self, user: User) -> bool:
        return not self.is_locked or any(opening.person_id == user.pk for opening in self.openings)


def lock_of(unit: Unit, year: int, direction: str) -> BookLock:
    """The state of a book; one that was never begun is as open as its year."""
    register = Register.objects.filter(unit=unit, year=year, direction=direction, series="").first()
    if register is None:
        return BookLock(None, year < today().year, [])
    openings = register.openings.filter(until__gte=today()).select_related("person").order_by("until", "id")
    is_locked = register.is_locked(today())
    return BookLock(register.pk, is_locked, list(openings) if is_locked else [])


def late_books(user: User, unit: Unit) -> list[RegisterOpening]:
    """The unit's locked books of arrivals that are open to this person today."""
    rows = RegisterOpening.objects.filter(
        register__unit=unit, register__direction=Register.Direction.IN, register__year__lt=today().year,
        person=user, until__gte=today(),
    )  # fmt: skip
    return list(rows.select_related("register").order_by("-register__year", "-until"))


def known_issuers(person: User, unit: Unit) -> list[str]:
    """
    Names to choose from while an issuer is typed: those of the unit's papers, most often first, then the units around it.

    Never all names: a union has over a hundred thousand units (domain.md 1).
    """
    papers = Document.objects.visible_to(person).filter(owner_unit=unit, confirmed_at__isnull=False).exclude(issuer="")
    often = papers.values("issuer").annotate(times=Count("pk")).order_by("-times", "issuer")
    names = UnitName.objects.filter(unit__in=units_around(person, clock.now())).order_by("unit__path", "-valid_from")
    around = names.values_list("name", flat=True)[:MOST_NAMES]
    return list(dict.fromkeys([*often.values_list("issuer", flat=True)[:MOST_NAMES], *around]))


def tags_of(document: Document) -> list[str]:
    """The words that a paper is kept under; the caller has found the paper through `visible_to`."""
    return list(document.tags.order_by("name", "id").values_list("name", flat=True))


def known_tags(person: User) -> list[str]:
    """Tags to choose from while one is typed: those of papers that the person may find, most often first."""
    papers = Document.objects.visible_to(person).exclude(state__in=NOT_FOUND)
    rows = DocumentTag.objects.visible_to(person).filter(document__in=papers.values("pk")).values("name")
    return list(rows.annotate(times=Count("pk")).order_by("-times", "name").values_list("name", flat=True)[:MOST_NAMES])


def routes_of(document: Document) -> list[Arrival]:
    """By which routes a paper came; the caller has found the paper through `visible_to`."""
    return list(Arrival.objects.filter(document=document).order_by("id"))


def refused_arrivals(unit: Unit) -> list[Arrival]:
    """What came for the unit lately and was not taken in, newest first; the caller has checked that the person registers for it."""
    since = clock.now() - LOCKED_AWAY_SHOWN
    rows = Arrival.objects.filter(unit=unit, state=Arrival.State.REFUSED, created_at__gt=since)
    return list(rows.order_by("-id")[:MOST_REFUSED])
