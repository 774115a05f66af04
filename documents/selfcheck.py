"""What reading needs of this machine, and whether it is there: for the operator, in sentences that say what to do."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from documents import store
from documents.ocr import read_file, trained
from documents.ocr.fence import is_there
from documents.ocr.supervisor import without_network
from documents.services.reading import model_folder, office_program

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = "vanthu"
State = Literal["ok", "missing", "off"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: `missing` keeps papers from being read, `off` is worth knowing and no fault."""

    name: str
    state: State
    words: str


def selfcheck() -> Iterator[Finding]:
    """What reading finds here, one after the other."""
    yield _engine()
    yield _network()
    yield _fence()
    yield _office()


def _engine() -> Finding:
    models = Path(model_folder() or trained.folder())
    if (models / trained.MODEL).is_file():
        if version := trained.library(str(models)):
            return Finding("ocr", "ok", _("Scans are read by %(version)s.") % {"version": version})
        if version := trained.program():
            words = _(
                "Scans are read by the program %(version)s, for twice the work: the package tesserocr does not load."
            )
            return Finding("ocr", "off", words % {"version": version})
    return Finding("ocr", "missing", _("Scans cannot be read. Install tesseract-ocr and tesseract-ocr-vie."))


def _network() -> Finding:
    if without_network():
        return Finding("network", "ok", _("What reads papers runs without network."))
    words = _("What reads papers can reach the network here: the system does not allow namespaces (unshare).")
    return Finding("network", "off", words)


def _fence() -> Finding:
    if is_there():
        return Finding("fence", "ok", _("LibreOffice sees the paper that it opens and no other file of the office."))
    words = _("This kernel has no Landlock: LibreOffice could see other files of the office. Its links stay off.")
    return Finding("fence", "off", words)


def _office() -> Finding:
    """Whether it is there is asked by letting it work."""
    program = office_program()
    if program is None:
        words = _("RTF, DOC, ODT, XLS and ODS are kept unread. Install %(packages)s to have them read.")
        return Finding("office", "off", words % {"packages": "libreoffice-writer-nogui, libreoffice-calc-nogui"})
    with store.scratch() as scratch, tempfile.NamedTemporaryFile(dir=scratch, suffix=".rtf") as file:
        file.write(rb"{\rtf1 " + WORD.encode() + rb"\par}")
        file.flush()
        reading = read_file(Path(file.name), scratch=scratch, office=program)
    if WORD in "".join(page.text for page in reading.pages):
        return Finding(
            "office", "ok", _("RTF, DOC, ODT, XLS and ODS are read with %(program)s.") % {"program": program}
        )
    words = _("%(program)s is there and converts nothing: RTF, DOC, ODT, XLS and ODS are kept unread.")
    return Finding("office", "off", words % {"program": program})
