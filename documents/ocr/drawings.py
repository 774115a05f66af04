"""One file for several readers: drawn by one at a time, because pdfium knows one, and each page as rarely as memory allows."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from documents.ocr.source import WHOLE

if TYPE_CHECKING:
    from documents.ocr.flattened import Flattened
    from documents.ocr.ink import Array
    from documents.ocr.model import Box, Crops, PageReading, Reason
    from documents.ocr.textlayer import Layer

KEPT_BYTES = 160 << 20  # a dozen pages at 200 dpi in colour, from the look for marks until they are read
KEPT_LAYERS = 64  # pages whose own text is kept as long


class Shared:
    """A source behind a lock. A page drawn whole is kept until it is forgotten, while there is room."""

    def __init__(self, source: Flattened) -> None:
        self._source = source
        self._kept: dict[tuple[int, float], Array] = {}
        self._layers: dict[int, Layer] = {}
        self.lock = RLock()
        self.page_count, self.has_signature = source.page_count, source.has_signature

    def check(self, number: int) -> None:
        """Refuse a page by what it declares, before anything is decoded."""
        with self.lock:
            self._source.check(number)

    def size(self, number: int) -> tuple[float, float]:
        """Width and height in points."""
        with self.lock:
            return self._source.size(number)

    def dpi(self, number: int) -> float:
        """At which resolution to read the page."""
        with self.lock:
            return self._source.dpi(number)

    def draw(self, number: int, dpi: float, box: Box = WHOLE) -> Array:
        """Draw a page, or a part of it given as shares, without annotations."""
        with self.lock:
            kept = self._kept.get((number, dpi)) if box == WHOLE else None
            if kept is not None:
                return kept
            drawn = self._source.draw(number, dpi, box)
            if box == WHOLE and sum(page.nbytes for page in self._kept.values()) + drawn.nbytes <= KEPT_BYTES:
                self._kept[number, dpi] = drawn
            return drawn

    def forget(self, number: int) -> None:
        """A page that is done with needs no room."""
        with self.lock:
            self._kept = {key: page for key, page in self._kept.items() if key[0] != number}
            self._layers.pop(number, None)

    def layer(self, number: int) -> Layer:
        """The text the page itself holds."""
        with self.lock:
            layer = self._layers.get(number) or self._source.layer(number)
            if len(self._layers) < KEPT_LAYERS:
                self._layers[number] = layer
            return layer

    def lost_picture(self, number: int) -> Reason | None:
        """Why a picture of the page cannot be decoded, or None."""
        with self.lock:
            return self._source.lost_picture(number)

    def picture_dpi(self, number: int) -> float | None:
        """Of the picture that the page is."""
        with self.lock:
            return self._source.picture_dpi(number)

    def displayed(self, reading: PageReading, crops: Crops) -> tuple[PageReading, Crops]:
        """What was read of a page, with its places on the page as displayed."""
        return self._source.displayed(reading, crops)
