"""What all anticipated refusals of this room have in common, so that a form can say them where they belong."""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """Nothing was changed; the message tells the person what to do next. `field` names the fact that was at fault."""

    field: ClassVar[str | None] = None
