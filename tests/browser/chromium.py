"""Finds a Chromium to test with, without root and without a download of Playwright's own.

`python -m tests.browser.chromium` says which, so that `make test` can prepare it before the workers start.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
UNPACKED = ROOT / ".data" / "chromium"
INSTALLED = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


class NoBrowserError(Exception):
    """No browser can be started; the message says what was tried."""


@dataclass(frozen=True)
class Chromium:
    """A browser that starts, and what it needs in its environment."""

    executable: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def starts(self) -> bool:
        """Whether it can say its version. A stub that offers to install it cannot, nor one without its libraries."""
        try:
            asked = subprocess.run(
                [self.executable, "--version"],
                env={**os.environ, **self.environment},
                capture_output=True,
                timeout=60,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return asked.returncode == 0


def find_chromium(
    installed: Iterable[str] = INSTALLED, package: Path = PACKAGE, unpacked: Path = UNPACKED
) -> Chromium:
    """An installed Chromium or Chrome that starts, else the one in the npm package `@sparticuz/chromium`.

    Raises NoBrowserError.
    """
    for name in installed:
        path = shutil.which(name)
        if path and (chromium := Chromium(Path(path))).starts():
            return chromium
    if not (package / "bin" / "chromium.br").exists():
        raise NoBrowserError(
            "No browser for the tests: no Chromium or Chrome is installed here, and the npm package "
            "@sparticuz/chromium has not been installed. Run `make test`, which installs it."
        )
    folder = unpack(package, unpacked)
    environment = {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    for libraries in ({}, {"LD_LIBRARY_PATH": str(folder / "lib")}):
        chromium = Chromium(folder / "chromium", {**environment, **libraries})
        if chromium.starts():
            return chromium
    raise NoBrowserError(
        "No browser for the tests: no Chromium or Chrome is installed here, and the one in the npm package "
        f"@sparticuz/chromium, which is for Linux on x86-64, does not start ({folder / 'chromium'}). "
        "Install Chromium or Chrome and run the tests again."
    )


def unpack(package: Path, unpacked: Path) -> Path:
    """Unpack the package's browser, fonts and libraries once for each version, in whole or not at all."""
    folder = unpacked / json.loads((package / "package.json").read_text())["version"]
    if folder.exists():
        return folder
    unpacked.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=unpacked) as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        for archive in ("fonts", "swiftshader", "al2023"):
            content = brotli.decompress((package / "bin" / f"{archive}.tar.br").read_bytes())
            with tarfile.open(fileobj=io.BytesIO(content)) as files:
                files.extraction_filter = getattr(tarfile, "data_filter", None)  # from Python 3.11.4 on
                files.extractall(made)
        executable = made / "chromium"
        executable.write_bytes(brotli.decompress((package / "bin" / "chromium.br").read_bytes()))
        executable.chmod(0o755)
        # The package's own configuration looks for fonts in the places of a cloud service.
        (made / "fonts.conf").write_text(FONTS.format(fonts=folder / "fonts", cache=folder / "fonts-cache"))
        try:
            made.rename(folder)
        except OSError:  # another worker was first
            if not folder.exists():
                raise
    return folder


if __name__ == "__main__":
    try:
        print(f"Browser for the tests: {find_chromium().executable}")
    except NoBrowserError as error:
        sys.exit(str(error))
