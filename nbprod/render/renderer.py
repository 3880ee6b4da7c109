"""Render a project: every file below ``templates/project``, plus the modules of the notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from nbprod.modules.values import Modules
from nbprod.render import allow
from nbprod.render.context import context
from nbprod.render.environment import Environment
from nbprod.render.families import unused_families
from nbprod.render.formatting import format_python
from nbprod.render.records import records
from nbprod.services import all_skins, skins_for
from nbprod.targets import is_wanted, targets_for

SUFFIX = ".j2"
_FILLED_IN = re.compile(r"\{[{%#]")  # half of the templates are the same for every project
# only where the serving path was lowered to numpy
KERNEL_ONLY = (
    "src/package/training/kernel_state.py.j2",
    "src/package/training/kernel_parity.py.j2",
    "tests/test_kernel.py.j2",
    "requirements-lean.lock.j2",
)
TRAINING_SET = ("requirements-serve.lock.j2",)  # only where training needs more than the service
# Templates whose lines hold values of the notebook; all others are written as black leaves them.
FROM_THE_NOTEBOOK = ("config.py", "ranking.py", "state.py", "train.py", "compiled/families.py")


def templates_folder() -> Path:
    """Return the folder of templates: packaged in a wheel, beside the package in a checkout."""
    packaged = Path(__file__).parent.parent / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"


def render(
    modules: Modules, *, environment: Environment, data_dir: str = "..", targets: Iterable[str] = ()
) -> dict[str, str]:
    """Return the whole project as path -> text.

    ``data_dir`` is the folder of the notebook's data, relative to the project; ``targets`` are names of
    ``nbprod.targets``.

    Raises:
        NotAllowed: a value of the notebook cannot be printed safely.
        NotebookError: a target that does not exist.
    """
    import jinja2

    root = templates_folder() / "project"
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(root),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    wanted = sorted(set(targets))
    values = context(modules, environment, data_dir, wanted)
    package = values["package"]
    chosen = targets_for(wanted)
    useless = _useless(modules)
    left_out = {s.module for s in all_skins()} - {s.module for s in skins_for(wanted)}
    unused = unused_families(values["families"])
    tree: dict[str, str] = {}
    for path in sorted(root.rglob(f"*{SUFFIX}")):
        relative = path.relative_to(root)
        if (
            _module_of(relative) in left_out
            or relative.as_posix() in unused
            or relative.name in useless
            or not is_wanted(relative.as_posix(), chosen)
        ):
            continue
        if relative.as_posix() in KERNEL_ONLY and not modules.kernel.get("lowered"):
            continue
        if relative.as_posix() in TRAINING_SET and not values["training_dependencies"]:
            continue
        name = relative.as_posix()[: -len(SUFFIX)].replace("src/package/", f"src/{package}/")
        text = path.read_text("utf-8")
        if _FILLED_IN.search(text):
            text = engine.get_template(relative.as_posix()).render(values)
        tree[name] = text.rstrip("\n") + "\n" if text.strip() else ""
    for name, text in modules.files.items():
        place = f"src/{package}/{allow.module(name)}"
        if place in tree:
            raise allow.NotAllowed(f"{name} is a module that every project has")
        tree[place] = text
    own = [f"src/{package}/{name}" for name in (*modules.files, *FROM_THE_NOTEBOOK)]
    own = [place for place in own if place in tree]
    return tree | format_python({place: tree[place] for place in own}) | records(modules)


def _useless(modules: Modules) -> frozenset[str]:
    """Return the templates that this kind of package has no use for."""
    if modules.request == "fields":
        return frozenset({"evaluate.py.j2"})
    return frozenset({"ranking.py.j2", "test_ranking.py.j2"})


def _module_of(template: Path) -> str | None:
    """Return which module of ``service/`` a template holds or tests."""
    stem = template.name.removesuffix(SUFFIX).removesuffix(".py")
    if template.parts[0] == "tests":
        return stem.removeprefix("test_")
    return stem if "service" in template.parts else None
