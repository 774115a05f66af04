"""The office's own table of abbreviations; search writes queries out by it, so a change needs no new index."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_SHORT, LONGEST_LONG = 20, 120


class AbbreviationEntry(models.Model):
    """A short form and its long one; one that is not sure has other readings and only raises a rank."""

    short = models.CharField(_("Abbreviation"), max_length=LONGEST_SHORT)
    long = models.CharField(_("Written out"), max_length=LONGEST_LONG)
    is_sure = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["short", "long"], name="one_row_per_reading")]

    def __str__(self) -> str:
        return f"{self.short} = {self.long}"
