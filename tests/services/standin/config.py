"""Stand-in: where the registry is."""

import os
from pathlib import Path

PROJECT_ROOT = Path(__file__).parent
REGISTRY_DIR = os.environ.get("SHOP_REGISTRY", "registry")
DOMAIN_POLICY: dict[str, str] = {}
