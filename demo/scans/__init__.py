"""The project's own scan generator: sample papers drawn, sealed, signed and scanned, so that OCR really works."""

import dataclasses
import random

from demo.scans.pdf import image_pdf
from demo.scans.sample import Block, Sample, Signature, sample, samples
from demo.scans.scanner import PROFILES, Stamps, scan
from demo.scans.typeset import typeset

__all__ = ["PROFILES", "Block", "Sample", "Signature", "make_marked_scan", "make_scan", "sample", "samples"]


def make_scan(
    sample: Sample, *, profile: str = "typ200", seed: int = 1, arrival: tuple[str, str, str] | None = None
) -> bytes:
    """
    Draw a paper and scan it into an image-only PDF.

    The same arguments give the same bytes. The type size and leading depend on the paper and the seed alone, so that
    profiles show the same page.

    :param profile: a key of `PROFILES`
    :param arrival: organ, number and date for a red stamp ĐẾN
    """
    sheets = typeset(sample, random.Random(f"{sample.key}-{seed}"))  # noqa: S311 - drawing, not secrets
    quirks = PROFILES[profile]
    stamps = Stamps(seal=sample.seal, arrival=arrival)
    pages = [
        scan(sheet, stamps, quirks, random.Random(f"{sample.key}-{seed}-{profile}-{at}"))  # noqa: S311
        for at, sheet in enumerate(sheets)
    ]
    return image_pdf(pages, dpi=quirks.dpi, quality=quirks.quality)


def make_marked_scan(mark: str = "MẬT", *, key: str = "03", profile: str = "typ200", seed: int = 1) -> bytes:
    """Scan a sample that carries a red boxed mark instead of its own; MẬT must be quarantined."""
    return make_scan(dataclasses.replace(sample(key), marks=(mark,)), profile=profile, seed=seed)
