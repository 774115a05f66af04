"""Pictures made one PDF, a page each: a camera's or scanner's JPEG as it came, everything else without loss."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from documents.ocr.source import PictureSource, Unreadable
from documents.rendition.photos import COLOURS, NotAPhoto, photo

if TYPE_CHECKING:
    from documents.ocr import Limits
    from documents.ocr.ink import Array as Pixels

QUARTER_TURNS = {90, 270}
A4 = (595.0, 842.0)
PHOTO_QUALITY = 88
_BITS = {"1": 1, "L": 8, "RGB": 8}
_PNG_HEAD, _PNG_PART = 8, 12  # bytes: its signature; length, name and checksum of each part


class NoPicture(Exception):
    """The file holds nothing that a page could be made of."""


def open_pictures(task: dict[str, Any], limits: Limits) -> pikepdf.Pdf:
    """
    A PDF of the pictures that were read, as large as their pages were.

    :raises NoPicture: if none of them can be opened
    """
    pdf = pikepdf.new()
    sizes = {page["number"]: (page["width"], page["height"]) for page in task["pages"]}
    if task["kind"] == "jpeg" and _add_photo(pdf, Path(task["path"]).read_bytes(), sizes.get(1)):
        return pdf
    try:
        source = PictureSource(Path(task["path"]), limits)
        if task["kind"] == "heic":
            _add_photo(pdf, _as_jpeg(source.native(1)), sizes.get(1))
            return pdf
        for number in range(1, source.page_count + 1):
            _add_picture(pdf, Image.fromarray(source.native(number)), sizes.get(number))
    except Unreadable as error:
        raise NoPicture(error.reason) from error
    return pdf


def _as_jpeg(picture: Pixels) -> bytes:
    """A telephone's photo as other telephones take it: without loss it would be twenty times as large."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=PHOTO_QUALITY)
    return out.getvalue()


def _add_photo(pdf: pikepdf.Pdf, data: bytes, size: tuple[float, float] | None) -> bool:
    try:
        one = photo(data)
    except NotAPhoto:
        return False
    image = pikepdf.Stream(pdf, data)
    image.Filter, image.ColorSpace, image.BitsPerComponent = Name.DCTDecode, COLOURS[one.channels], 8
    width, height = size if size and all(size) else A4
    if one.turn in QUARTER_TURNS:
        width, height = height, width
    _add_page(pdf, image, (one.width, one.height), (width, height), one.turn)
    return True


def _add_picture(pdf: pikepdf.Pdf, picture: Image.Image, size: tuple[float, float] | None) -> None:
    if picture.mode == "L" and sum(picture.histogram()[1:-1]) == 0:
        picture = picture.convert("1", dither=Image.Dither.NONE)  # a fax: an eighth of the bytes
    image = pikepdf.Stream(pdf, _packed(picture))
    colours = len(picture.getbands())
    image.Filter, image.ColorSpace, image.BitsPerComponent = Name.FlateDecode, COLOURS[colours], _BITS[picture.mode]
    image.DecodeParms = Dictionary(
        Predictor=15, Colors=colours, BitsPerComponent=_BITS[picture.mode], Columns=picture.width
    )
    _add_page(pdf, image, picture.size, size if size and all(size) else A4, 0)


def _packed(picture: Image.Image) -> bytes:
    """Packed line by line as a PNG is, which a PDF can hold as it is."""
    out, at, parts = io.BytesIO(), _PNG_HEAD, []
    picture.save(out, "PNG")
    data = out.getvalue()
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"IDAT":
            parts.append(data[at + 8 : at + 8 + length])
        at += _PNG_PART + length
    return b"".join(parts)


def _add_page(
    pdf: pikepdf.Pdf, image: pikepdf.Stream, pixels: tuple[int, int], size: tuple[float, float], turn: int
) -> None:
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = pixels
    width, height = (round(side, 2) for side in size)
    page = Dictionary(
        Type=Name.Page, MediaBox=Array([0, 0, width, height]), Rotate=turn,
        Resources=Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(image))),
        Contents=pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode()),
    )  # fmt: skip
    pdf.pages.append(pikepdf.Page(page))
