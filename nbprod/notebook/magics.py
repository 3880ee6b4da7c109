"""What IPython's magics mean for a conversion."""

from __future__ import annotations

import re

CELL_KEEPS_BODY = frozenset(
    {"time", "capture", "prun", "snakeviz", "scalene", "memray_flamegraph", "heat"}
)
SHELL_CELLS = frozenset({"bash", "sh", "script", "cmd", "!"})
LINE_RUNS_STATEMENT = frozenset({"time", "prun"})
INSTALLERS = frozenset({"pip", "pip3", "conda", "mamba", "uv"})

# Magics that change nothing a conversion needs: they are masked without a word.
_SILENT = frozenset(
    """alias alias_magic autoreload autosave colors config debug dhist dirs doctest_mode gui history
    load_ext logstart lprun lsmagic magic matplotlib memit mprun nbdev pastebin pdb pdef pdoc
    pfile pinfo pinfo2 pip pip3 conda mamba uv page pprint precision psearch psource pwd quickref
    recall reload_ext sc timeit unload_ext watermark who who_ls whos xmode ls ll cat less more man
    html HTML svg SVG latex javascript js markdown""".split()
)
_NOTES = {
    "cd": ("W-CWD", "the working directory changes here; later paths are relative to it"),
    "run": ("W-RUN", "names from another file come in here; convert works on this notebook alone"),
    "load": ("W-RUN", "code from another file comes in here; paste it to have it converted"),
    "store": ("W-STORE", "values stored by another notebook come in here; nbprod cannot see them"),
    "reset": ("W-RESET", "the namespace is cleared here; nbprod reads on as if it were not"),
    "pylab": ("W-PYLAB", "%pylab fills the namespace; write the imports out"),
    "env": ("I-ENV", "an environment variable is set here; set it where the package runs"),
    "set_env": ("I-ENV", "an environment variable is set here; set it where the package runs"),
}
_CELL_NOTES = {
    "writefile": ("W-RUN", "a file is written here; code in it is not converted"),
    "file": ("W-RUN", "a file is written here; code in it is not converted"),
    "python": ("I-CELL-MAGIC", "the cell runs in another process and is left out"),
    "python3": ("I-CELL-MAGIC", "the cell runs in another process and is left out"),
}
_TIME_OPTIONS = re.compile(r"^(\s*-\w+(\s+\d+)?)*\s*")


def statement_of(rest: str) -> str:
    """Return the Python statement of a ``%time`` or ``%prun`` line without the magic's options."""
    return _TIME_OPTIONS.sub("", rest, count=1)


def line_finding(name: str, rest: str) -> tuple[str, str] | None:
    """Return code and message for a masked line magic, None when there is nothing to say."""
    if name in _NOTES:
        return _NOTES[name]
    if name in _SILENT:
        return None
    return "W-MAGIC", f"the magic %{name} is unknown and left out"


def cell_finding(name: str, rest: str) -> tuple[str, str] | None:
    """Return code and message for a cell that is masked because of its cell magic."""
    if name in _CELL_NOTES:
        return _CELL_NOTES[name]
    if name in SHELL_CELLS or name in _SILENT:
        return "I-CELL-MAGIC", f"the %%{name} cell is left out"
    return "W-MAGIC", f"the %%{name} cell is left out: it is no Python"


def is_known(name: str) -> bool:
    """Whether a word is a line or cell magic that nbprod has heard of."""
    return name in _SILENT | CELL_KEEPS_BODY | SHELL_CELLS | LINE_RUNS_STATEMENT | set(
        _NOTES
    ) | set(_CELL_NOTES)


__all__ = [
    "CELL_KEEPS_BODY",
    "INSTALLERS",
    "LINE_RUNS_STATEMENT",
    "SHELL_CELLS",
    "cell_finding",
    "is_known",
    "line_finding",
    "statement_of",
]
