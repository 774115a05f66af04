"""What a file is, by its first bytes; names and declared types are not believed."""

from pathlib import Path

from documents.ocr.model import Kind, Sniffed

HEAD_BYTES = 8192  # a PDF may have rubbish before its header: mail gateways and old scanners leave some

TAIL_BYTES = 1 << 18
_STARTS: tuple[tuple[Kind, str, tuple[bytes, ...]], ...] = (
    ("png", "image/png", (b"\x89PNG\r\n\x1a\n",)),
    ("jpeg", "image/jpeg", (b"\xff\xd8\xff",)),
    ("tiff", "image/tiff", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    ("office", "application/rtf", (b"{\\rtf",)),
    ("office", "application/x-ole-storage", (b"\xd0\xcf\x11\xe0",)),
)


def sniff(path: Path) -> Sniffed:
    """Look at the beginning of the file. Anything unknown, empty files included, has the kind None."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    for kind, media_type, starts in _STARTS:
        if head.startswith(starts):
            return Sniffed(kind, media_type)
    if head.startswith(b"PK\x03\x04") and _names(path, b"word/document.xml"):
        return Sniffed("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    if _is_pdf(head):
        return Sniffed("pdf", "application/pdf")
    return Sniffed(None, "application/octet-stream")


def _names(path: Path, part: bytes) -> bool:
    """Whether the directory at an archive's end names a part; looked for as bytes, because no archive is opened here."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return part in file.read()


def _is_pdf(head: bytes) -> bool:
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # an office file may hold a PDF; it is not one
        return False
    start = head.find(b"%PDF-")
    return start >= 0 and b"<html" not in head[:start].lower()
