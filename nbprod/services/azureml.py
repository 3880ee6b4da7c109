"""Azure ML online endpoints: /score."""

from nbprod.services.skin import Skin

SKIN = Skin(
    target="azureml",
    module="azureml",
    summary="Azure ML online endpoints: /score",
)
