"""Stand-in: where the registry is."""

import os
from pathlib import Path

REGISTRY_DIR = Path(os.environ.get("SHOP_REGISTRY", "registry"))
PROJECT_ROOT = Path(__file__).parent
