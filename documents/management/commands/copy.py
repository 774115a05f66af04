import shutil
import sys
from pathlib import Path
from typing import IO, Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from documents import store
from documents.models import Document, DocumentFile, Validity
from documents.selectors import ARCHIVE, COPY_KINDS, file_of
from organizations.models import User

NOT_THERE, WRONG_CALL = 1, 2
REASON = "the operator of this machine writes a file out"


class Command(BaseCommand):
    help = "Write a paper out as it came (original), or its searchable PDF/A copy (archive)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("document", type=int, metavar="DOCUMENT")
        parser.add_argument("--kind", required=True, choices=COPY_KINDS)
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--as", dest="user", metavar="USER", help="only what this person may see")

    def handle(self, *args: Any, **options: Any) -> None:
        document, target = self.document(options["document"], options["user"]), options["file"]
        file = file_of(document, options["kind"])
        if file is None or not (path := store.path_of(file.sha256)).is_file():
            self.refuse(NOT_THERE, self.why(document, options["kind"]))
        try:
            with path.open("rb") as source, target.open("xb") as out:
                self.copy(source, out, target)
        except FileExistsError:
            self.refuse(WRONG_CALL, _("The file %(path)s is there already. Nothing was written.") % {"path": target})
        except OSError:
            self.refuse(WRONG_CALL, _("The file %(path)s cannot be written.") % {"path": target})
        self.stdout.write(f"{file.sha256}  {target}")

    def copy(self, source: IO[bytes], out: IO[bytes], target: Path) -> None:
        """All of it or nothing: a disk may be full."""
        try:
            shutil.copyfileobj(source, out)
            out.flush()
        except OSError:
            target.unlink()
            raise

    def document(self, pk: int, name: str | None) -> Document:
        """What is locked away is for its security officer alone (domain.md 7)."""
        rows = Document.objects.system(REASON).exclude(state=Validity.QUARANTINED)
        if name is not None:
            user = User.objects.filter(username=name, is_active=True).first()
            if user is None:
                self.refuse(WRONG_CALL, _("There is no user %(name)s.") % {"name": name})
            rows = Document.objects.visible_to(user)
        document = rows.filter(pk=pk).first()
        if document is None:
            self.refuse(NOT_THERE, _("There is no paper no. %(id)s.") % {"id": pk})
        return document

    def why(self, document: Document, kind: str) -> str:
        original = file_of(document, "original") if kind == ARCHIVE else None
        if original is not None and original.copy_state == DocumentFile.CopyState.NOT_PDFA:
            return _("Paper no. %(id)s has no archive copy: it cannot be PDF/A, so its original alone is kept.") % {
                "id": document.pk
            }
        if kind == ARCHIVE:
            return _("Paper no. %(id)s has no archive copy.") % {"id": document.pk}
        return _("Paper no. %(id)s has no file.") % {"id": document.pk}

    def refuse(self, code: int, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(code)
