"""What a project is called: after its notebook, or after the notebook's folder where that says more."""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbprod.findings import NotebookError

if TYPE_CHECKING:
    from nbprod.settings import Settings

LONGEST = 40
_TAKEN = frozenset(
    """altair black bokeh boruta catboost category_encoders click cv2 dask data deploy docs eli5 fastai fastapi
    featuretools gensim geopandas hyperopt imblearn ipykernel ipython ipywidgets jax joblib jupyter jupyterlab keras
    lightgbm lime matplotlib missingno mlflow mlxtend msgspec nbconvert nbformat nbprod networkx nltk notebook numpy
    optuna pandas plotly polars prometheus_client prophet pyarrow pycaret pydantic pyspark pytest ray registry
    requests scipy seaborn service shap sklearn spacy spark sqlalchemy src starlette statsmodels streamlit sympy
    tensorflow test tests textblob torch torchvision tqdm transformers umap uvicorn wandb wordcloud xgboost
    yellowbrick""".split()
)
# Names that people leave as they are, alone or with a number: they say nothing of what the notebook is about.
_EMPTY = re.compile(
    r"(?:untitled|notebook|main|index|tests?|nb|code|script|copy|draft|te?mp|new|final|scratch|work)"
    r"(?:_?copy)?_?\d*(?:_copy_?\d*)?"
)
# Folders that hold whatever somebody works on.
_PLACES = frozenset(
    """app colab content course desktop documents downloads examples exercises home jupyter kaggle lab labs materials
    notebooks opt project projects python repo repos repository root src user users usr var working workspace""".split()
)
_COUNTED = re.compile(
    r"(?:chapter|class|day|lab|lecture|lesson|module|part|section|session|unit|week)_?\d*"
)


def plain(text: str) -> str:
    """Return a text as an identifier: ``House Prices 2`` is ``house_prices_2``."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", ascii_text.lower()).strip("_")[:LONGEST].rstrip("_")
    name = name or "notebook"
    return f"notebook_{name}" if name[0].isdigit() else name


def project_name(text: str) -> str:
    """Return a name that is safe as folder, package and distribution.

    A name that would hide a module of the standard library or a well-known library gets the ending ``_model``.
    """
    name = plain(text)
    return f"{name}_model" if _is_taken(name) else name


def default_name(notebook: Path) -> str:
    """Return the name of the project of a notebook for which nobody chose one.

    It is the notebook's own, unless that says nothing (``Untitled``) or is that of a library: then it is that of
    the folder, and the notebook's with the ending ``_model`` where the folder's says nothing either.
    """
    name = plain(notebook.stem)
    if not objection(notebook):
        return name
    folder = notebook.resolve().parent.name
    if _says_something(folder) and not _imports(notebook, plain(folder)):
        return plain(folder)
    return f"{name}_model"


def objection(notebook: Path) -> str:
    """Return why a project is not called like its notebook, or an empty string."""
    name = plain(notebook.stem)
    if _is_taken(name) or _imports(notebook, name):
        return f"{name} is the name of a library"
    return f"{name} says nothing" if _EMPTY.fullmatch(name) else ""


def project_folder(notebook: Path, settings: Settings) -> Path:
    """Return the folder of the generated project: ``output``, or one beside the notebook."""
    if settings.output is not None:
        return settings.output
    return folder_below(notebook.parent, notebook, settings.name)


def folder_below(parent: Path, notebook: Path, name: str | None = None) -> Path:
    """Return the folder below ``parent``: that of an earlier conversion whatever it is called, or a new one."""
    chosen = project_name(name) if name else default_name(notebook)
    earlier = plain(name or notebook.stem)
    for known in (chosen, earlier, f"{earlier}_model"):
        if _notebook_of(parent / known) == notebook.name:
            return parent / known
    if not name and chosen != earlier and _notebook_of(parent / chosen):
        return (
            parent / f"{earlier}_model"
        )  # the folder's name is that of another notebook's project
    return parent / chosen


def package_name(notebook: Path, settings: Settings) -> str:
    """Return the name of the package: the one chosen, that of an earlier conversion, or a new one."""
    target = project_folder(notebook, settings)
    recorded = (_manifest(target) or {}).get("package")
    if settings.name:
        earlier = plain(settings.name)
        return earlier if recorded == earlier else project_name(settings.name)
    if isinstance(recorded, str) and re.fullmatch(r"[a-z][a-z0-9_]*", recorded):
        return recorded
    other = f"{plain(notebook.stem)}_model"
    return other if target.name == other else default_name(notebook)


def _notebook_of(folder: Path) -> str:
    """Return the file name of the notebook that a project was made from; empty for what is no project."""
    found = _manifest(folder)
    return str(found["notebook"].get("name", "")) if found is not None else ""


def _manifest(folder: Path) -> dict[str, Any] | None:
    from nbprod.write.manifest import load

    try:
        return load(folder)
    except NotebookError:
        return None  # whoever reads or replaces the project says so


def _is_taken(name: str) -> bool:
    return keyword.iskeyword(name) or name in sys.stdlib_module_names or name in _TAKEN


def _says_something(folder: str) -> bool:
    """Say whether the name of a folder is about what is in it."""
    name = plain(folder)
    if not folder[:1].isalpha() or len(name) < 3 or 2 * len(name) < len(folder):
        return False
    empty = _EMPTY.fullmatch(name) or _COUNTED.fullmatch(name) or name in _PLACES
    return not (empty or _is_taken(name) or re.match(r"te?mp(?!er|l|t|o)", name))


def _imports(notebook: Path, name: str) -> bool:
    """Say whether a notebook imports a library of a name, which its package would then hide."""
    try:
        text = notebook.read_bytes()
    except OSError:
        return False
    return re.search(rb"\b(?:import|from)\s+" + name.encode() + rb"\b", text) is not None


__all__ = [
    "default_name",
    "folder_below",
    "objection",
    "package_name",
    "plain",
    "project_folder",
    "project_name",
]
