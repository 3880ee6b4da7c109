"""Keep the labextension's version in step with its files: ``python -m nbprod.lab.stamp``.

Browsers cache the files of a labextension for a year, so their address has to change with their content.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

LABEXTENSION = Path(__file__).parent / "labextension"
_LOAD = re.compile(r"(?<=static/nbprod\.js\?v=)\w+")


def fingerprint(labextension: Path = LABEXTENSION) -> str:
    """Return the first 16 digits of the sha256 over names and contents of all static files."""
    digest = hashlib.sha256()
    for path in sorted((labextension / "static").iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def stamp(labextension: Path = LABEXTENSION) -> None:
    """Write the fingerprint into ``package.json``."""
    package = labextension / "package.json"
    package.write_text(_LOAD.sub(fingerprint(labextension), package.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    stamp()
