"""A list of hits as it is drawn: each with the pages that hold the words, and a strip of the best of them with the hit boxed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import Page
from documents.selectors import replacements
from search.drawn import marked, rects
from search.marks import MOST_LETTERS, Place, best_place, boxes_in, places_of, runs_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.safestring import SafeString

    from documents.models import Document
    from documents.ocr import Box
    from organizations.models import User
    from search.services import Found, SearchResults

MOST_PAGES = 12  # shown of one paper
UNIT = 1000  # the strip's picture is asked for in thousandths of the page
STRIP_WIDTH, LINES_AROUND, LEAST_HEIGHT, TALLEST = 0.62, 1.6, 0.04, 0.12
A4 = (595.0, 842.0)
LONGEST_ALT = 200


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page with words of the query: where it opens, and how often they stand there."""

    number: int
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a page as a picture, and the boxes on it in the picture's own measure."""

    picture: str
    width: int
    height: int
    rects: Sequence[tuple[int, int, int, int]]
    words: str

    @property
    def boxes(self) -> SafeString:
        return rects(self.rects)


@dataclass(frozen=True, slots=True)
class HitView:
    """A paper in the list."""

    found: Found
    address: str
    title: Sequence[tuple[str, bool]]
    pages: Sequence[PageLink]
    more_pages: int
    strip: Strip | None
    replaced_by: Document | None

    @property
    def marked_title(self) -> SafeString:
        return marked(self.title)

    @property
    def is_in_force(self) -> bool:
        return self.found.state == "IN_FORCE" and self.found.is_confirmed and self.replaced_by is None


def hit_views(results: SearchResults, text: str, user: User) -> list[HitView]:
    """The hits of a page; two queries for any number of them."""
    words = results.query.marked
    places = {found.document_id: places_of(found.pages, words, MOST_LETTERS) for found in results.hits}
    best = {pk: place for pk, rows in places.items() if (place := best_place(rows))}
    seen = _pages_seen(best.values(), user)
    replaced = replacements([found.document_id for found in results.hits], user)
    return [
        _hit_view(found, places[found.document_id], text, words, seen, replaced.get(found.document_id))
        for found in results.hits
    ]


def _pages_seen(places: Iterable[Place], user: User) -> dict[int, Page]:
    """Best pages, now with their boxes, as far as the person may see their files: a draft's stay in the unit that drafted it."""
    wanted = {place.page.pk: place.page for place in places}
    if not wanted:
        return {}
    # Their files named too: else the database goes through all that the person may see.
    files = {page.file_id for page in wanted.values()}
    rows = Page.objects.visible_to(user).filter(pk__in=wanted, file__in=files).values_list("pk", "boxes")
    seen = dict(rows)
    for pk, packed in seen.items():
        wanted[pk].boxes = packed
    return {pk: wanted[pk] for pk in seen}


def _hit_view(
    found: Found,
    places: Sequence[Place],
    text: str,
    words: set[str],
    seen: dict[int, Page],
    replaced_by: Document | None,
) -> HitView:
    best = best_place(places)
    page = seen.get(best.page.pk) if best else None
    address = paper_address(found.document_id, text, best)
    strip = _strip(found.document_id, Place(page, best.text, best.runs)) if best and page else None
    links = [
        PageLink(place.page.number, len(place.runs), paper_address(found.document_id, text, place))
        for place in places[:MOST_PAGES]
    ]
    return HitView(
        found, address, _pieces(found.title, words), links, max(0, len(places) - MOST_PAGES), strip, replaced_by
    )


def paper_address(pk: int, text: str, place: Place | None) -> str:
    """The paper, opened at a page with the words marked."""
    address = reverse("desk:paper", args=[pk])
    if place is None:
        return address
    return f"{address}?{urlencode({'tim': text, 'tep': place.page.file_id})}#page={place.page.number}"


def _pieces(title: str, words: set[str]) -> list[tuple[str, bool]]:
    """The title cut where marked words begin and end."""
    pieces, at = list[tuple[str, bool]](), 0
    for run in runs_in(title, words):
        pieces += [(title[at : run.start], False), (title[run.start : run.end], True)]
        at = run.end
    return [piece for piece in (*pieces, (title[at:], False)) if piece[0]]


# --- the strip ------------------------------------------------------------------------------------------------------------


def _strip(pk: int, place: Place) -> Strip | None:
    """The lines around the best run; none where the words have no places."""
    around = boxes_in(Place(place.page, place.text, (place.best_run,)))
    if not around:
        return None
    frame = _frame(around[0])
    page = place.page
    wide, tall = (page.width_pt, page.height_pt) if page.width_pt and page.height_pt else A4
    width, height = UNIT, round(UNIT * frame[3] * tall / (frame[2] * wide))
    inside = [_within(box, frame, width, height) for box in boxes_in(place) if _overlaps(box, frame)]
    thousandths = [round(side * UNIT) for side in frame]
    picture = reverse("documents:page-part", args=[pk, page.file_id, page.number, *thousandths])
    return Strip(picture, width, height, inside, _words_around(place))


def _frame(box: Box) -> Box:
    """The part of the page to show: narrow enough to be read on a phone, with the hit in its middle, the lines beside it."""
    x, y, w, h = box
    width = min(1.0, max(STRIP_WIDTH, w + 0.04))
    left = min(max(0.0, x + w / 2 - width / 2), 1 - width)
    height = min(TALLEST, max(LEAST_HEIGHT, h * (1 + 2 * LINES_AROUND)))
    top = min(max(0.0, y + h / 2 - height / 2), 1 - height)
    return round(left, 3), round(top, 3), round(width, 3), round(height, 3)


def _overlaps(box: Box, frame: Box) -> bool:
    x, y, w, h = box
    left, top, width, height = frame
    return x < left + width and x + w > left and y < top + height and y + h > top


def _within(box: Box, frame: Box, width: int, height: int) -> tuple[int, int, int, int]:
    x, y, w, h = box
    left, top, wide, tall = frame
    return (
        round((x - left) / wide * width), round((y - top) / tall * height), round(w / wide * width),
        round(h / tall * height),
    )  # fmt: skip


def _words_around(place: Place) -> str:
    run = place.best_run
    start = place.text.rfind("\n", 0, run.start) + 1
    end = place.text.find("\n", run.end)
    line = " ".join(place.text[start : end if end >= 0 else None].split())[:LONGEST_ALT]
    return _("Page %(number)s: %(words)s") % {"number": place.page.number, "words": line}
