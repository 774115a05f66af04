"""Invented letters on paper, as unlike each other as those of real offices, then stamped, signed and scanned in colour."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from demo.scans.fonts import MM, POINT, face
from demo.scans.pdf import image_pdf
from demo.scans.scanner import Profile, Stamps, scan
from demo.scans.typeset import (
    LEFT,
    LEFT_COLUMN,
    MOTTO,
    RIGHT_COLUMN,
    RIGHT_X,
    WIDTH,
    Sheet,
    Spot,
    Typesetter,
    Word,
    balanced,
    words_of,
)

if TYPE_CHECKING:
    from demo.scans import Sample


class Setter(Typesetter):
    """Organs wrapped where their column ends, V/v in several spellings, pen over the name, seal over the signature's left third."""

    def __init__(self, paper: Sample, dice: random.Random) -> None:
        super().__init__(paper, dice)
        self.dice = dice
        self.y += dice.uniform(-6, 8) * MM

    def header(self) -> None:
        """The letterhead in two columns that do not end at one height."""
        y, top, size = self.y, self.y, self.dice.choice([12, 12, 13])
        for text, is_bold in self.paper.header:
            for line in balanced(words_of(text, "Bold" if is_bold else "Regular", size), LEFT_COLUMN):
                self.line(line, LEFT, y, width=LEFT_COLUMN, align="centre")
                y += (size + self.dice.choice([1.5, 2, 3])) * POINT
        self.rule(LEFT + LEFT_COLUMN * 0.34, y + 3 * POINT, LEFT_COLUMN * 0.3)
        self.text(Word(MOTTO, "Bold", self.dice.choice([12, 13])), RIGHT_X, top, RIGHT_COLUMN)
        motto = "Độc lập - Tự do - Hạnh phúc"
        self.text(Word(motto, "Bold", 13), RIGHT_X, top + 15 * POINT, RIGHT_COLUMN)
        half = face("Bold", 13).getlength(motto) / 2
        self.rule(RIGHT_X + RIGHT_COLUMN / 2 - half, top + 32 * POINT, 2 * half)
        y = max(y + self.dice.uniform(7, 14) * POINT, top + 38 * POINT)
        self.text(Word(self.paper.number_line, "Regular", 13), LEFT, y, LEFT_COLUMN)
        lower = self.dice.choice([0, 0, 3, -2]) * POINT
        self.text(Word(self.paper.place_date, "Italic", self.dice.choice([13, 14])), RIGHT_X, y + lower, RIGHT_COLUMN)
        self.y = y + 20 * POINT

    def opening(self) -> None:
        """V/v or type and subject, marks above the one and below the other."""
        if self.paper.title is None:
            start = self.dice.choice(["V/v", "V/v", "V/v:", "v/v", "Về việc"])
            self.centred(f"{start} {self.paper.subject}", "Regular", self.dice.choice([12, 13]), 0.97, column=True)
        for mark in self.paper.marks:
            self.sheet.marks.append((mark, Spot(LEFT + LEFT_COLUMN * self.dice.uniform(0.4, 0.6), self.y + 17 * POINT)))
            self.y += 34 * POINT
        self.sheet.arrival = Spot(LEFT + self.dice.uniform(12, 24) * MM, self.y + 15 * MM)
        if self.paper.title is not None:
            self.y += self.dice.uniform(8, 16) * POINT
            self.centred(self.paper.title, "Bold", self.dice.choice([14, 15]), 1)
            self.centred(self.paper.subject, "Bold", self.dice.choice([13, 14]), self.dice.uniform(0.6, 0.85))
            self.rule(LEFT + WIDTH * 0.42, self.y + 5 * POINT, WIDTH * 0.16)
        self.y += self.dice.uniform(16, 28) * POINT

    def closing(self) -> None:
        """The pen crosses the name on most letters."""
        super().closing()
        spot = self.sheet.signatures[-1]
        low = self.dice.uniform(0, 20) * POINT
        pen = Spot(spot.x + self.dice.uniform(-6, 6) * MM, spot.y + low)
        self.sheet.signatures[-1] = pen
        self.sheet.seal = Spot(pen.x - self.dice.uniform(14, 20) * MM, spot.y + self.dice.uniform(-4, 6) * MM)


def profile(dice: random.Random) -> Profile:
    """A colour scanner of some office, and the state of the paper."""
    is_worn = dice.random() < 0.12
    return Profile(
        dpi=dice.choice([200, 200, 300]), skew=dice.uniform(0, 1.6), blur=dice.uniform(0.6, 1.1), noise=dice.uniform(3, 9),
        quality=dice.randint(55, 85), paper=(238, 228, 202) if is_worn else (251, 251, 249),
        black=60 if is_worn else dice.randint(10, 45), is_worn=is_worn, has_shadow=is_worn or dice.random() < 0.2,
    )  # fmt: skip


def draw(paper: Sample, seed: int) -> bytes:
    """The letter as a PDF of images; the same arguments give the same bytes."""
    dice = random.Random(f"drawing-{seed}-{paper.key}")  # noqa: S311 - drawing, not secrets
    setter = Setter(paper, dice)
    setter.header()
    setter.opening()
    for block in paper.body:
        setter.paragraph(block)
    setter.closing()
    quirks = profile(dice)
    arrival = ("VĂN PHÒNG", str(dice.randint(1, 900)), f"{dice.randint(1, 28):02d}/11/2026")
    stamps = Stamps(seal=paper.seal, arrival=arrival if dice.random() < 0.5 else None)
    sheets: list[Sheet] = setter.sheets
    return image_pdf([scan(sheet, stamps, quirks, dice) for sheet in sheets], dpi=quirks.dpi, quality=quirks.quality)
