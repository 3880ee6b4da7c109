"""Protocol skins: what each serving platform adds to the generated service.

One file a skin, found by walking this package. A skin is asked for by the name of its target; its
template is ``templates/project/src/package/service/<module>.py.j2``.
"""

from __future__ import annotations

from nbprod.services.skin import Skin, all_skins, skins_for

__all__ = ["Skin", "all_skins", "skins_for"]
