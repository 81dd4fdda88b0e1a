"""Which browser the journeys use, and what is said when there is none."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import brotli
import pytest

from tests.browser.chromium import NoBrowserError, find_chromium

STARTS = "#!/bin/sh\necho Chromium 1.2.3\n"
STARTS_WITH_LIBRARIES = '#!/bin/sh\ntest -e "$LD_LIBRARY_PATH/libnss3.so"\n'
OFFERS_TO_INSTALL = "#!/bin/sh\necho Install it with snap >&2\nexit 1\n"


def program(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def package(folder: Path, chromium: str) -> Path:
    """What @sparticuz/chromium holds, in small."""
    (folder / "bin").mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"version": "1.2.3"}))
    (folder / "bin" / "chromium.br").write_bytes(brotli.compress(chromium.encode()))
    for name, inside in {
        "fonts": "fonts/A.ttf",
        "swiftshader": "libEGL.so",
        "al2023": "lib/libnss3.so",
    }.items():
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as files:
            files.addfile(tarfile.TarInfo(inside))
        (folder / "bin" / f"{name}.tar.br").write_bytes(brotli.compress(tar.getvalue()))
    return folder


def test_the_first_installed_browser_that_starts_is_used(tmp_path: Path) -> None:
    stub = program(tmp_path / "chromium-browser", OFFERS_TO_INSTALL)
    real = program(tmp_path / "google-chrome", STARTS)
    assert find_chromium([str(tmp_path / "none"), stub, real], tmp_path, tmp_path).executable == Path(real)


def test_without_one_the_package_is_unpacked_once(tmp_path: Path) -> None:
    packed, unpacked = package(tmp_path / "package", STARTS), tmp_path / "unpacked"
    found = find_chromium([], packed, unpacked)
    made = found.executable.stat().st_mtime_ns

    assert found.executable == unpacked / "1.2.3" / "chromium"
    assert str(unpacked / "1.2.3" / "fonts") in Path(found.environment["FONTCONFIG_FILE"]).read_text()
    assert "LD_LIBRARY_PATH" not in found.environment
    assert [path.name for path in unpacked.iterdir()] == ["1.2.3"]
    assert find_chromium([], packed, unpacked).executable.stat().st_mtime_ns == made


def test_the_package_s_libraries_are_used_where_the_machine_has_none(tmp_path: Path) -> None:
    found = find_chromium([], package(tmp_path / "package", STARTS_WITH_LIBRARIES), tmp_path / "unpacked")
    assert found.environment["LD_LIBRARY_PATH"] == str(tmp_path / "unpacked" / "1.2.3" / "lib")


def test_no_browser_at_all_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoBrowserError, match="has not been installed"):
        find_chromium([], tmp_path / "package", tmp_path / "unpacked")
    with pytest.raises(NoBrowserError, match="does not start"):
        find_chromium([], package(tmp_path / "package", OFFERS_TO_INSTALL), tmp_path / "unpacked")
