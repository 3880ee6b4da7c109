import os
from pathlib import Path


class Registry:
    def __init__(self, folder):
        self.folder = Path(folder)

    def path(self, version):
        return self.folder / version

    def champion(self):
        return max(path.name for path in self.folder.iterdir())


def open_registry():
    return Registry(os.environ["CAFE_REGISTRY"])
