"""A file whose photographed sheets are drawn as if scanned; places are those of the sheet until `displayed` brings them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.ocr.sheet import drawn_flat, find_sheet, in_picture
from documents.ocr.source import LEAST_DPI, WHOLE, affordable_dpi

if TYPE_CHECKING:
    from documents.ocr.ink import Array
    from documents.ocr.model import Box, Crops, Limits, PageReading, Reason
    from documents.ocr.sheet import Sheet
    from documents.ocr.source import PageSource
    from documents.ocr.textlayer import Layer

CROP_DPI = 300  # the highest that second looks ask for


class Flattened:
    """
    A source whose pages may be photos. Pages that are none are drawn by the source itself, as without this.

    Photos are looked for among pages that are one picture and hold no text: everything else came from a program or scanner.
    """

    def __init__(self, source: PageSource, limits: Limits) -> None:
        self._source, self._limits = source, limits
        self._sheets: dict[int, Sheet | None] = {}
        self._looked_at: tuple[int, float, Array] | None = None  # a page that was no photo, and will be drawn next
        self._photo: tuple[int, Array] | None = None
        self.page_count, self.has_signature = source.page_count, source.has_signature

    def check(self, number: int) -> None:
        """Refuse a page by what it declares, before anything is decoded."""
        self._source.check(number)

    def size(self, number: int) -> tuple[float, float]:
        """Of the page as displayed, in points."""
        return self._source.size(number)

    def layer(self, number: int) -> Layer:
        """The text the page itself holds."""
        return self._source.layer(number)

    def lost_picture(self, number: int) -> Reason | None:
        """Why a picture of the page cannot be decoded, or None."""
        return self._source.lost_picture(number)

    def picture_dpi(self, number: int) -> float | None:
        """Of the picture that the page is."""
        return self._source.picture_dpi(number)

    def dpi(self, number: int) -> float:
        """At which resolution to read the page: a sheet that is small in its photo is not drawn larger than it is there."""
        usual, sheet = self._source.dpi(number), self._sheet(number)
        if sheet is None:
            return usual
        return max(LEAST_DPI, min(float(self._limits.dpi), sheet.inherent_dpi(self._drawn(number, sheet).shape)))

    def draw(self, number: int, dpi: float, box: Box = WHOLE) -> Array:
        """Draw a page, or the sheet on it, or a part given as shares of either."""
        sheet = self._sheet(number)
        if sheet is not None:
            return drawn_flat(self._drawn(number, sheet), sheet, dpi, box)
        kept, self._looked_at = self._looked_at, None
        if kept is not None and kept[:2] == (number, dpi) and box == WHOLE:
            return kept[2]
        return self._source.draw(number, dpi, box)

    def displayed(self, reading: PageReading, crops: Crops) -> tuple[PageReading, Crops]:
        """What was read of a page, with its places on the page as displayed."""
        sheet = self._sheets.get(reading.number)
        return (reading, crops) if sheet is None else in_picture(reading, crops, sheet)

    def _sheet(self, number: int) -> Sheet | None:
        if number not in self._sheets:
            self._sheets[number] = self._found(number)
        return self._sheets[number]

    def _found(self, number: int) -> Sheet | None:
        if self._source.picture_dpi(number) is None or self._source.layer(number).words:
            return None
        dpi = self._source.dpi(number)
        page = self._source.draw(number, dpi)
        sheet = find_sheet(page)
        if sheet is None:
            self._looked_at = number, dpi, page
        return sheet

    def _drawn(self, number: int, sheet: Sheet) -> Array:
        """The whole photo, large enough for every look at its sheet; the latest one is kept."""
        if self._photo is None or self._photo[0] != number:
            self._photo = None
            wish = min(self._source.picture_dpi(number) or CROP_DPI, CROP_DPI * sheet.enlarged)
            dpi = affordable_dpi(wish, *self._source.size(number), self._limits)
            self._photo = number, self._source.draw(number, dpi)
        return self._photo[1]
