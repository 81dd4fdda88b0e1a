from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guidance.models import GuideVersion
from tests.guidance.factories import FIRST_VERSION, load_first_version


@pytest.fixture
def guide(db: None) -> GuideVersion:
    """The first version, published."""
    return load_first_version()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the first version's folder, to spoil."""
    return Path(shutil.copytree(FIRST_VERSION, tmp_path / "version"))
