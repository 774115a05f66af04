"""
A file as a row of pages that can be drawn: PDF by pdfium, pictures by Pillow.

Only ever used inside the child (`child.py`): these parsers meet hostile bytes.
"""

from __future__ import annotations

import math
import re
import warnings
import zlib
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image, ImageOps
from pypdfium2 import raw

from documents.ocr import textlayer
from documents.ocr.model import PAGELESS, Limits, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from documents.ocr.ink import Array
    from documents.ocr.model import Box, Kind
    from documents.ocr.textlayer import Layer

POINTS = 72
LEAST_DPI, USUAL_DPI, HIGHEST_DPI = 70, 150, 1200
A4_WIDTH_INCH = 8.27
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
_FORM_DEPTH = 4
_WHOLE_PAGE = 0.85  # of a page that is one picture
_IMAGES_LOOKED_AT = 2_000
_ORIENTATION, _LYING = 0x0112, (5, 6, 7, 8)  # how a camera says that rows are columns
_SQUARE = 0.1  # by how much dots across and down may differ, rounding among it


class Unreadable(Exception):
    """A file or page that cannot be read, with the reason to tell."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Drawable(Protocol):
    """Pages that can be drawn; they count from 1."""

    def dpi(self, number: int) -> float:
        """At which resolution to read the page."""

    def draw(self, number: int, dpi: float, box: Box = WHOLE) -> Array:
        """Draw a page, or a part of it given as shares, without annotations."""


class PageSource(Drawable, Protocol):
    """What the reading needs of a file. Sizes are those of the page as displayed."""

    page_count: int
    has_signature: bool

    def check(self, number: int) -> None:
        """Refuse a page by what it declares, before anything is decoded."""

    def size(self, number: int) -> tuple[float, float]:
        """Width and height in points."""

    def layer(self, number: int) -> Layer:
        """The text the page itself holds."""

    def lost_picture(self, number: int) -> Reason | None:
        """Why a picture of the page cannot be decoded (it would be drawn as white paper), or None."""

    def picture_dpi(self, number: int) -> float | None:
        """Resolution of the one picture that the page is; None for a page of anything else."""


def open_source(path: Path, kind: Kind, limits: Limits, scratch: Path) -> PageSource:
    """
    Open a file for reading.

    :raises Unreadable: encrypted, damaged beyond repair, or beyond the limits
    """
    if kind in PAGELESS:
        raise Unreadable(Reason.UNKNOWN_TYPE)
    source = PdfSource(path, limits, scratch) if kind == "pdf" else PictureSource(path, limits)
    if source.page_count > limits.pages:
        raise Unreadable(Reason.TOO_MANY_PAGES)
    if source.page_count < 1:
        raise Unreadable(Reason.BROKEN)
    return source


def affordable_dpi(wish: float, width_pt: float, height_pt: float, limits: Limits) -> float:
    """
    The wished resolution within the budget of pixels.

    :raises Unreadable: if the page is too large to be read at all
    """
    square_inches = max(width_pt * height_pt / POINTS**2, 0.01)
    dpi = min(wish, math.sqrt(limits.drawn_pixels / square_inches))
    if dpi < LEAST_DPI:
        raise Unreadable(Reason.TOO_LARGE_PAGE)
    return dpi


class PdfSource:
    """A PDF: pikepdf repairs, counts and looks at what is declared; pdfium reads and draws."""

    def __init__(self, path: Path, limits: Limits, scratch: Path) -> None:
        self._limits = limits
        self._is_cut = _broken_or_cut(path) is Reason.TRUNCATED
        try:
            self._declared = pikepdf.open(path)
            self.page_count = len(self._declared.pages)
        except pikepdf.PasswordError as error:
            raise Unreadable(Reason.ENCRYPTED) from error
        except (pikepdf.PdfError, ValueError, RecursionError) as error:
            raise Unreadable(_broken_or_cut(path)) from error
        if self.page_count > limits.pages:
            raise Unreadable(Reason.TOO_MANY_PAGES)
        self.has_signature = _has_signature(self._declared)
        self._drawn = self._open_for_drawing(path, scratch)

    def _open_for_drawing(self, path: Path, scratch: Path) -> Any:
        try:
            document = pypdfium2.PdfDocument(path)
            if len(document) == self.page_count:
                return document
        except pypdfium2.PdfiumError:
            pass
        repaired = scratch / "repaired.pdf"  # one retry: pikepdf mends cut tails and rubbish before the header
        try:
            self._declared.save(repaired)
            return pypdfium2.PdfDocument(repaired)
        except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError) as error:
            raise Unreadable(Reason.BROKEN) from error

    def check(self, number: int) -> None:
        """Refuse by what is declared."""
        page = self._declared.pages[number - 1]
        if any(pixels > self._limits.declared_pixels for pixels in _declared_pixels(page.obj)):
            raise Unreadable(Reason.TOO_MANY_PIXELS)
        if not _unpacks_within(page.obj.get("/Contents"), self._limits.content_bytes):
            raise Unreadable(Reason.TOO_MUCH_MEMORY)
        affordable_dpi(USUAL_DPI, *self.size(number), self._limits)

    def size(self, number: int) -> tuple[float, float]:
        """In points, as displayed."""
        width, height = self._page(number).get_size()
        return float(width), float(height)

    def dpi(self, number: int) -> float:
        """What to read the page at."""
        page = self._page(number)
        wish = min(self._limits.dpi, max(USUAL_DPI, _picture_dpi(page)))
        return affordable_dpi(wish, *self.size(number), self._limits)

    def draw(self, number: int, dpi: float, box: Box = WHOLE) -> Array:
        """Without annotations and form fields."""
        page = self._page(number)
        width, height = self.size(number)
        x, y, w, h = box
        crop = (x * width, (1 - y - h) * height, (1 - x - w) * width, y * height)  # left, bottom, right, top
        crop = tuple(max(0.0, side) for side in crop)  # type: ignore[assignment]
        try:
            bitmap = page.render(
                scale=dpi / POINTS, crop=crop, may_draw_forms=False, draw_annots=False, rev_byteorder=True
            )
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise Unreadable(Reason.BROKEN) from error
        array = bitmap.to_numpy()
        picture = array[..., :3] if array.ndim == 3 and array.shape[2] > 1 else array.reshape(array.shape[:2])  # noqa: PLR2004
        return np.ascontiguousarray(picture)

    def layer(self, number: int) -> Layer:
        """The page's own text; what another reader made of its picture is none."""
        layer = textlayer.read_layer(self._page(number))
        return textlayer.EMPTY if layer.is_hidden else layer

    def lost_picture(self, number: int) -> Reason | None:
        """Why a picture cannot be decoded, or None."""
        page = self._declared.pages[number - 1].obj
        if self._is_cut and "/Contents" not in page:
            return Reason.TRUNCATED
        if _names_missing(page) or not all(_is_decoded(item) for item in _pictures(self._page(number))):
            return Reason.TRUNCATED if self._is_cut else Reason.UNREADABLE_IMAGE
        return None

    def picture_dpi(self, number: int) -> float | None:
        """Of the one picture that the page is."""
        width, height = self.size(number)
        pictures = list(islice(_pictures(self._page(number)), 2))
        if len(pictures) != 1:
            return None
        left, bottom, right, top = pictures[0].get_bounds()
        if (right - left) * (top - bottom) < _WHOLE_PAGE * width * height:
            return None
        pixels = pictures[0].get_px_size()
        return float(max(pixels) / max(width, height) * POINTS)

    def _page(self, number: int) -> Any:
        try:
            return self._drawn[number - 1]
        except pypdfium2.PdfiumError as error:
            raise Unreadable(Reason.BROKEN) from error


class PictureSource:
    """PNG, JPEG, HEIC or TIFF; a TIFF may hold several frames, which are read one by one."""

    has_signature = False

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        Image.MAX_IMAGE_PIXELS = limits.declared_pixels
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        from pillow_heif import register_heif_opener  # of no use to PDFs, and they are most of what is read

        try:
            register_heif_opener()
            self._file = Image.open(path, formats=("PNG", "JPEG", "TIFF", "HEIF"))
            self.page_count = self._count()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise Unreadable(Reason.TOO_MANY_PIXELS) from error
        except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError) as error:
            raise Unreadable(_broken_or_cut(path)) from error
        self._frame: tuple[int, Image.Image, float] | None = None

    def _count(self) -> int:
        """Frames up to one more than allowed; a chain of frames may be endless."""
        count = 1
        if self._file.format != "TIFF":
            return count
        while count <= self._limits.pages:
            try:
                self._file.seek(count)
            except EOFError:
                break
            count += 1
        return count

    def check(self, number: int) -> None:
        """Refuse by what is declared."""
        self._seek(number)
        if self._file.width * self._file.height > self._limits.declared_pixels:
            raise Unreadable(Reason.TOO_MANY_PIXELS)

    def _seek(self, number: int) -> None:
        try:
            self._file.seek(number - 1)
        except (OSError, ValueError, EOFError, SyntaxError, KeyError, TypeError) as error:
            raise Unreadable(Reason.BROKEN) from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise Unreadable(Reason.TOO_MANY_PIXELS) from error

    def _picture(self, number: int) -> tuple[Image.Image, float]:
        """The upright frame in grey or RGB, and its dots per inch; the latest frame is kept."""
        if self._frame is None or self._frame[0] != number:
            self._frame = None
            self.check(number)
            try:
                frame = ImageOps.exif_transpose(self._file)
                dots = _stated_dots(self._file)
                picture = _in_proportion(_on_paper(frame), dots, self._limits.declared_pixels)
            except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, ZeroDivisionError) as error:
                raise Unreadable(Reason.BROKEN) from error
            self._frame = number, picture, dots[0] or _as_a_page(picture)
        return self._frame[1:]

    def native(self, number: int) -> Array:
        """The upright frame, pixel by pixel; square ones."""
        return np.asarray(self._picture(number)[0])

    def size(self, number: int) -> tuple[float, float]:
        """In points, as displayed."""
        picture, dpi = self._picture(number)
        return picture.width / dpi * POINTS, picture.height / dpi * POINTS

    def dpi(self, number: int) -> float:
        """What to read the page at."""
        _, dpi = self._picture(number)
        return affordable_dpi(min(self._limits.dpi, dpi), *self.size(number), self._limits)

    def draw(self, number: int, dpi: float, box: Box = WHOLE) -> Array:
        """Without annotations and form fields."""
        picture, own = self._picture(number)
        x, y, w, h = box
        sides = (x * picture.width, y * picture.height, (x + w) * picture.width, (y + h) * picture.height)
        part = picture if box == WHOLE else picture.crop(tuple(round(side) for side in sides))  # type: ignore[arg-type]
        factor = dpi / own
        if round(part.width * factor) == part.width:
            return np.asarray(part)
        size = max(1, round(part.width * factor)), max(1, round(part.height * factor))
        return np.asarray(part.resize(size, Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.LANCZOS))

    def layer(self, number: int) -> Layer:
        """The page's own text."""
        return textlayer.EMPTY

    def lost_picture(self, number: int) -> Reason | None:
        """Why a picture cannot be decoded, or None."""
        return None

    def picture_dpi(self, number: int) -> float | None:
        """Of the picture that the page is."""
        return self._picture(number)[1]


def _broken_or_cut(path: Path) -> Reason:
    """A PDF that has a beginning and no end was cut off on its way."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2048))
        return Reason.BROKEN if b"%%EOF" in file.read() or path.stat().st_size < POINTS else Reason.TRUNCATED


def _has_signature(document: Any) -> bool:
    """Whether a form field holds a digital signature; annotations are not looked at."""
    try:
        form = document.Root.get("/AcroForm")
        if form is None:
            return False
        if int(form.get("/SigFlags", 0)) & 1:
            return True
        return any(field.get("/FT") == "/Sig" and "/V" in field for field in list(form.get("/Fields", []))[:500])
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError):
        return False


def _declared_pixels(page: Any) -> Iterator[int]:
    """Width times height of each picture a page names, in forms inside forms too."""
    todo, seen = [(page.get("/Resources"), 0)], 0
    while todo:
        resources, depth = todo.pop()
        things = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
        if not isinstance(things, pikepdf.Dictionary):
            continue
        for thing in things.as_dict().values() if hasattr(things, "as_dict") else things.values():
            seen += 1
            if seen > _IMAGES_LOOKED_AT or not isinstance(thing, pikepdf.Stream):
                continue
            if thing.get("/Subtype") == "/Image":
                yield _number(thing.get("/Width")) * _number(thing.get("/Height"))
            elif depth < _FORM_DEPTH:
                todo.append((thing.get("/Resources"), depth + 1))


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _unpacks_within(contents: Any, limit: int) -> bool:
    """Unpack drawing instructions piece by piece, so that 8 KB holding 4 GiB are found out cheaply."""
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    for stream in streams:
        if not isinstance(stream, pikepdf.Stream):
            continue
        limit -= _unpacked(stream, limit)
        if limit < 0:
            return False
    return True


def _unpacked(stream: Any, limit: int) -> int:
    filters = stream.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    try:
        data = bytes(stream.read_raw_bytes())
    except pikepdf.PdfError:
        return 0  # pdfium will say what it makes of it
    if not names or names[0] not in ("/FlateDecode", "/Fl"):
        return len(data)
    total, unpacker = 0, zlib.decompressobj()
    try:
        while data and total <= limit:
            total += len(unpacker.decompress(data, 1 << 20))
            data = unpacker.unconsumed_tail
    except zlib.error:
        return total
    # A second packing inside the first (rare, and a favourite of bombs) multiplies at most a thousandfold.
    return total * 1000 if names[1:2] and names[1] in ("/FlateDecode", "/Fl") else total


def _pictures(page: Any) -> Iterator[Any]:
    for count, item in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)):
        if count >= _IMAGES_LOOKED_AT:
            return
        yield item


def _is_decoded(picture: Any) -> bool:
    try:
        picture.get_bitmap(render=False)
    except pypdfium2.PdfiumError:
        return False
    return True


def _names_missing(page: Any) -> bool:
    """Whether a page draws something that its resources do not hold: where a cut-off file lost its pictures."""
    resources = page.get("/Resources")
    things = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    known = set(things.keys()) if isinstance(things, pikepdf.Dictionary) else set()
    contents = page.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    try:
        drawn = b"\n".join(bytes(stream.read_bytes()) for stream in streams if isinstance(stream, pikepdf.Stream))
    except pikepdf.PdfError:
        return True
    return any(name.decode("latin-1") not in known for name in re.findall(rb"(/[^\s/<>\[\]()]+)\s+Do\b", drawn))


def _picture_dpi(page: Any) -> float:
    """Resolution of the largest picture on a page; 300 where there is none."""
    best = (0.0, 300.0)
    for item in _pictures(page):
        left, bottom, right, top = item.get_bounds()
        if right > left and top > bottom:
            best = max(best, ((right - left) * (top - bottom), item.get_px_size()[0] / (right - left) * POINTS))
    return best[1]


def _on_paper(picture: Image.Image) -> Image.Image:
    """Grey or RGB; what is transparent becomes paper."""
    if picture.mode in ("L", "RGB"):
        picture.load()
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, dtype=np.float32)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0  # noqa: PLR2004
        return Image.fromarray((np.clip(values / top, 0, 1) * 255).astype(np.uint8))
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        paper.alpha_composite(clear)
        return paper.convert("RGB")
    return picture.convert("RGB")


def _stated_dots(file: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down the upright picture as the file says, 0 for what cannot be true."""
    stated = file.info.get("dpi", (0, 0))
    try:
        dots = [float(stated[0]), float(stated[1])]
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0.0, 0.0
    if file.getexif().get(_ORIENTATION) in _LYING:
        dots.reverse()
    across, down = (value if USUAL_DPI / 2 <= value <= HIGHEST_DPI else 0.0 for value in dots)
    return across, down


def _in_proportion(picture: Image.Image, dots: tuple[float, float], most_pixels: int) -> Image.Image:
    """With square pixels: a fax has half as many rows to the inch as columns, and letters twice as wide as they were."""
    across, down = dots
    if not (across and down) or abs(across / down - 1) <= _SQUARE:
        return picture
    height = max(1, round(picture.height * across / down))
    if picture.width * height > most_pixels:
        return picture
    return picture.resize((picture.width, height), Image.Resampling.BICUBIC)


def _as_a_page(picture: Image.Image) -> float:
    """Dots per inch as if the picture were an A4 page."""
    return min(HIGHEST_DPI, max(LEAST_DPI, min(picture.size) / A4_WIDTH_INCH))
