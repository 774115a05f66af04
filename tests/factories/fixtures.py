"""The office that most tests begin with; folders import it in their conftest."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.factories.offices import Office, make_office


@pytest.fixture
def office(db: None, settings: Settings, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return make_office()
