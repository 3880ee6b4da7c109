"""Amazon SageMaker: /ping and /invocations."""

from nbprod.services.skin import Skin

SKIN = Skin(
    target="sagemaker",
    module="sagemaker",
    summary="Amazon SageMaker: /ping and /invocations",
)
