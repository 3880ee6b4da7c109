"""Vertex AI: health and predict routes named by AIP_ variables."""

from nbprod.services.skin import Skin

SKIN = Skin(
    target="vertex",
    module="vertex",
    summary="Vertex AI: health and predict routes named by AIP_ variables",
    port_variable="AIP_HTTP_PORT",
)
