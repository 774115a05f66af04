"""What a file is, by its first bytes; names and declared types are not believed."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from documents.ocr.model import Kind, Sniffed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

HEAD_BYTES = 8192  # a PDF may have rubbish before its header: mail gateways and old scanners leave some

TAIL_BYTES = 1 << 18
_STARTS: tuple[tuple[Kind, str, tuple[bytes, ...]], ...] = (
    ("png", "image/png", (b"\x89PNG\r\n\x1a\n",)),
    ("jpeg", "image/jpeg", (b"\xff\xd8\xff",)),
    ("tiff", "image/tiff", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    ("office", "application/rtf", (b"{\\rtf",)),
)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")  # what telephones take photos in
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_PARTS: tuple[tuple[Kind, str, bytes], ...] = (
    ("docx", f"{_OPEN_XML}wordprocessingml.document", b"word/document.xml"),
    ("xlsx", f"{_OPEN_XML}spreadsheetml.sheet", b"xl/workbook.xml"),
)
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OLE, _OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 512
_STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "EncryptedPackage": "application/x-encrypted-office",
}
_ENTRY, _NAME = 128, 64
_MOST_SECTORS, _FATS_NAMED = 64, 109


def sniff(path: Path) -> Sniffed:
    """Look at the beginning of the file. Anything unknown, empty files included, has the kind None."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if head.startswith(_OLE):
            return Sniffed("office", _ole_type(file, head))
    for kind, media_type, starts in _STARTS:
        if head.startswith(starts):
            return Sniffed(kind, media_type)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return Sniffed("heic", "image/heic")
    if head.startswith(b"PK\x03\x04"):
        return _archive(path, head)
    if _is_pdf(head):
        return Sniffed("pdf", "application/pdf")
    return Sniffed(None, "application/octet-stream")


def _archive(path: Path, head: bytes) -> Sniffed:
    """Office files that are archives; looked at as bytes, because no archive is opened here."""
    if head[30:38] == b"mimetype":  # OpenDocument begins with its own name
        for what in ("text", "spreadsheet"):
            if head[38:].startswith(f"{_OPEN_DOCUMENT}{what}PK".encode()):
                return Sniffed("office", _OPEN_DOCUMENT + what)
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        directory = file.read()
    for kind, media_type, part in _PARTS:
        if part in directory:
            return Sniffed(kind, media_type)
    return Sniffed(None, "application/octet-stream")


def _ole_type(file: BinaryIO, head: bytes) -> str:
    """What an old office file is, by the names in its directory."""
    for name in _ole_names(file, head):
        if name in _STREAMS:
            return _STREAMS[name]
    return "application/x-ole-storage"


def _ole_names(file: BinaryIO, head: bytes) -> Iterator[str]:
    """The directory is a chain of sectors, which may lie anywhere; a chain that leads nowhere ends."""
    if len(head) < _OLE_HEAD or (shift := struct.unpack_from("<H", head, 30)[0]) not in (9, 12):
        return
    size, fats = 1 << shift, struct.unpack_from(f"<{_FATS_NAMED}I", head, 76)
    (sector,) = struct.unpack_from("<I", head, 48)
    for _ in range(_MOST_SECTORS):
        data = _sector(file, sector, size)
        for at in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length = min(_NAME, struct.unpack_from("<H", data, at + _NAME)[0])
            yield data[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        table, place = divmod(sector, size // 4)
        links = _sector(file, fats[table], size) if table < _FATS_NAMED else b""
        if len(links) < size:
            return
        (sector,) = struct.unpack_from("<I", links, place * 4)


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    return file.read(size)


def _is_pdf(head: bytes) -> bool:
    if head.startswith((b"PK\x03\x04", _OLE[:4])):  # an office file may hold a PDF; it is not one
        return False
    start = head.find(b"%PDF-")
    return start >= 0 and b"<html" not in head[:start].lower()
