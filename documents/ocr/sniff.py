"""What a file is, by its first bytes; names and declared types are not believed."""

from pathlib import Path

from documents.ocr.model import Sniffed

HEAD_BYTES = 8192  # a PDF may have rubbish before its header: mail gateways and old scanners leave some


def sniff(path: Path) -> Sniffed:
    """Look at the beginning of the file. Anything unknown, empty files included, has the kind None."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Sniffed("png", "image/png")
    if head.startswith(b"\xff\xd8\xff"):
        return Sniffed("jpeg", "image/jpeg")
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return Sniffed("tiff", "image/tiff")
    if _is_pdf(head):
        return Sniffed("pdf", "application/pdf")
    return Sniffed(None, "application/octet-stream")


def _is_pdf(head: bytes) -> bool:
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # an office file may hold a PDF; it is not one
        return False
    start = head.find(b"%PDF-")
    return start >= 0 and b"<html" not in head[:start].lower()
