"""The value that describes a skin, and the walk that finds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules


@dataclass(frozen=True)
class Skin:
    """What a platform adds to the service.

    ``target`` is the name given to ``--target``, ``module`` the stem of the template and of the
    generated module. ``port_variable`` is where the platform puts the port it expects, "" when it
    uses the common one.
    """

    target: str
    module: str
    summary: str
    port_variable: str = ""


def all_skins() -> tuple[Skin, ...]:
    """Every skin of this package, by target. Two skins of one target are a mistake of ours."""
    package = import_module("nbprod.services")
    skins: dict[str, Skin] = {}
    for info in iter_modules(package.__path__):
        skin = getattr(import_module(f"{package.__name__}.{info.name}"), "SKIN", None)
        if skin is None:
            continue
        if skin.target in skins:
            raise ValueError(f"two skins for the target {skin.target!r}")
        skins[skin.target] = skin
    return tuple(skins[target] for target in sorted(skins))


def skins_for(targets: Iterable[str]) -> tuple[Skin, ...]:
    """The skins of ``targets``; a target without a protocol of its own adds none."""
    wanted = set(targets)
    return tuple(skin for skin in all_skins() if skin.target in wanted)
