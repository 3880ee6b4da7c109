"""Requirements that a notebook installs itself: ``!pip install x``, ``%pip``, ``conda install``.

The text comes from an untrusted notebook and ends up in a requirements list, so only what parses as a
plain PEP 508 name with versions passes.
"""

from __future__ import annotations

import re
import shlex

_INSTALL = re.compile(r"\b(?:pip3?(?:\.\d+)?|conda|mamba)\s+install\b(?P<arguments>.*)")
_PLAIN = re.compile(
    r"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9,._-]+\])?"
    r"(?:(?:==|>=|<=|~=|!=|<|>|=)[A-Za-z0-9.*+!,<>=~]+)?$"
)
_WITH_VALUE = frozenset(
    """-r --requirement -c --constraint -e --editable -i --index-url --extra-index-url -f --find-links
    -t --target --prefix --root -n --name -p --channel --trusted-host --python""".split()
)
_INSTALLER_ITSELF = frozenset({"pip", "setuptools", "wheel", "conda", "mamba", "uv"})


def installed(command: str) -> tuple[str, ...]:
    """Return the requirements that one shell command installs, in order, as PEP 508 text."""
    found: list[str] = []
    for part in re.split(r"&&|\|\||;(?=\s|$)|\|", command):
        install = _INSTALL.search(part)
        if install:
            found.extend(_packages(install["arguments"]))
    return tuple(found)


def _packages(arguments: str) -> list[str]:
    try:
        words = shlex.split(arguments, comments=True)
    except ValueError:
        words = arguments.split()
    packages: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            # ``-c`` is a constraints file to pip and a channel to conda; both take a value.
            skip = word in _WITH_VALUE
        elif (
            _PLAIN.match(word) and re.split(r"[\[=<>~!]", word)[0].lower() not in _INSTALLER_ITSELF
        ):
            packages.append(re.sub(r"(?<![=<>~!])=(?!=)", "==", word))
    return packages


__all__ = ["installed"]
