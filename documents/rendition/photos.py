"""
Photos of pages made one paper: a PDF that holds each of them as it came, byte for byte.

Nothing is decoded here: of a JPEG only its markers are walked through, for its size and how the camera was held.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name

if TYPE_CHECKING:
    from collections.abc import Sequence

A4_POINTS = 842  # of the longer side: a photo of a page has no size of its own
MOST_PIXELS = 60_000_000
LARGEST_SIDE = 20_000
TURNS = {
    3: 180,
    4: 180,
    5: 90,
    6: 90,
    7: 270,
    8: 270,
}  # what EXIF calls orientation; mirrored ones do not come from cameras
EXIF, ANY = 0xE1, 0xFF
COLOURS = {1: Name.DeviceGray, 3: Name.DeviceRGB}
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


class NotAPhoto(Exception):
    """No JPEG that a page can be made of, whatever its name says."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG with what its markers say."""

    data: bytes
    width: int
    height: int
    channels: int
    turn: int


def photo(data: bytes) -> Photo:
    """
    Look at the markers of a JPEG.

    :raises NotAPhoto: if it is none, is too large, or has another number of colours than a camera's
    """
    if not data.startswith(b"\xff\xd8\xff"):
        raise NotAPhoto
    turn, at = 0, 2
    while True:
        marker, body, at = _segment(data, at)
        if marker == EXIF and body.startswith(b"Exif\0\0"):
            turn = turn or TURNS.get(_orientation(body[6:]), 0)
        if marker in _FRAMES:
            return _framed(data, body, turn)
        if marker in {0xD9, 0xDA}:  # the picture begins, or ends, without having said how large it is
            raise NotAPhoto


def _segment(data: bytes, at: int) -> tuple[int, bytes, int]:
    """A marker, what it holds, and where the next one begins."""
    while data[at : at + 2] == b"\xff\xff":
        at += 1
    if len(data) < at + 4 or data[at] != ANY:
        raise NotAPhoto
    marker = data[at + 1]
    if marker in _STANDALONE:
        return marker, b"", at + 2
    length = int.from_bytes(data[at + 2 : at + 4])
    if length < 2:  # noqa: PLR2004  # it counts itself
        raise NotAPhoto
    return marker, data[at + 4 : at + 2 + length], at + 2 + length


def _framed(data: bytes, body: bytes, turn: int) -> Photo:
    if len(body) < 6:  # noqa: PLR2004  # depth, two sides, channels
        raise NotAPhoto
    depth, height, width, channels = struct.unpack(">BHHB", body[:6])
    is_sound = depth == 8 and channels in COLOURS and 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE  # noqa: PLR2004
    if not is_sound or width * height > MOST_PIXELS:
        raise NotAPhoto
    return Photo(data, width, height, channels, turn)


def _orientation(exif: bytes) -> int:
    """The tag 0x0112 of the first directory; 0 where it is missing or the directory is broken."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 8:  # noqa: PLR2004  # its header
        return 0
    (first,) = struct.unpack(f"{order}I", exif[4:8])
    entries = exif[first + 2 :]
    count = min(int.from_bytes(exif[first : first + 2], "little" if order == "<" else "big"), len(entries) // 12)
    for number in range(count):
        tag, kind, _length, value = struct.unpack(f"{order}HHIH", entries[number * 12 : number * 12 + 10])
        if (tag, kind) == (0x0112, 3):
            return int(value)
    return 0


def bind(photos: Sequence[Photo]) -> bytes:
    """A PDF with one photo a page, in their order; the same photos give the same bytes."""
    with pikepdf.new() as pdf:
        for one in photos:
            _add_page(pdf, one)
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _add_page(pdf: pikepdf.Pdf, one: Photo) -> None:
    scale = A4_POINTS / max(one.width, one.height)
    width, height = round(one.width * scale, 2), round(one.height * scale, 2)
    image = pikepdf.Stream(pdf, one.data)
    image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.DCTDecode
    image.Width, image.Height, image.BitsPerComponent = one.width, one.height, 8
    image.ColorSpace = COLOURS[one.channels]
    page = Dictionary(
        Type=Name.Page, MediaBox=Array([0, 0, width, height]), Rotate=one.turn,
        Resources=Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(image))),
        Contents=pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode()),
    )  # fmt: skip
    pdf.pages.append(pikepdf.Page(page))
