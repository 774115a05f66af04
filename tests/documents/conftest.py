"""What the tests of this folder begin with."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories.fixtures import office

__all__ = ["office", "root"]


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    settings.INTAKE_FOLDER, settings.INTAKE_STABLE_SECONDS = str(tmp_path / "quét"), 0
    for unit in ("TLD", "AH"):
        (tmp_path / "quét" / unit).mkdir(parents=True)
    return tmp_path / "quét"
