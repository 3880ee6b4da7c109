import os
from pathlib import Path
from typing import NamedTuple

import pandas as pd

PRIMARY = "visits"


class Sources(NamedTuple):
    visits: pd.DataFrame


def load(data=None):
    folder = Path(os.environ.get("CAFE_DATA_DIR", "."))
    return Sources(pd.read_csv(data or folder / "visits.csv"))
