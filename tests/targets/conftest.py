"""The manifests as a project would hold them, rendered into a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

PROJECT = Path(__file__).parents[2] / "templates" / "project"
PACKAGE = "house_prices"


def manifests(package: str) -> Iterator[tuple[str, str]]:
    """Path and text of every manifest and workflow of a project called ``package``."""
    image = package.replace("_", "-")
    values = {
        "package": package,
        "training_dependencies": ["openpyxl==3.1.5"],
        "training_image": f"{image}-train",
    }
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    for folder in (
        "deploy/kubernetes",
        "deploy/kserve",
        "deploy/azureml",
        "deploy/sagemaker",
        "deploy/vertex",
        ".github/workflows",
    ):
        for path in sorted(PROJECT.joinpath(folder).glob("*.j2")):
            text = environment.from_string(path.read_text("utf-8")).render(values)
            yield path.relative_to(PROJECT).with_suffix("").as_posix(), text


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the manifests of every target."""
    root = tmp_path_factory.mktemp("project")
    for name, text in manifests(PACKAGE):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "registry").mkdir()
    return root
