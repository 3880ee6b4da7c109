"""KServe: the V1 and the V2 (Open Inference) protocol."""

from nbprod.services.skin import Skin

SKIN = Skin(
    target="kserve",
    module="kserve",
    summary="KServe: the V1 and the V2 (Open Inference) protocol",
)
