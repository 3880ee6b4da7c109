"""Mask magics, shell lines and help requests, line for line.

IPython's own ``TransformerManager`` would do, but importing IPython takes longer than a whole
conversion, and it does not keep line numbers. The rules are those of ``IPython.core.inputtransformer2``:
an escape counts only at the start of a logical line, never inside a string or brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbprod.findings import Finding, Origin
from nbprod.notebook import magics
from nbprod.notebook.logical_lines import Scanner
from nbprod.notebook.requirements import installed
from nbprod.notebook.syntax import parse_error

_HELP = re.compile(r"^\s*(\?{1,2}\s*[\w.*%]+|[%\w.*]+(\[[^\]]*\])?\s*\?{1,2});?\s*$")
_MAGIC = re.compile(r"^(?P<indent>\s*)%(?P<name>[A-Za-z_][\w.]*)(?P<rest>.*)$", re.DOTALL)
_SHELL = re.compile(r"^(?P<indent>\s*)!{1,2}(?P<rest>.*)$", re.DOTALL)
_ASSIGNED = re.compile(
    r"^(?P<target>\s*[^\W\d][\w.,\s\[\]'\"*()]*?)=\s*(?P<kind>[!%])(?P<rest>.*)$", re.DOTALL
)
_AUTOMAGIC = re.compile(
    r"^(pip3?|conda|mamba|cd|ls|ll|cat|matplotlib|load_ext)\s+[^=\s(].*$", re.DOTALL
)


@dataclass(frozen=True)
class Masked:
    """Python code with as many lines as the source, and what was learned while masking."""

    code: str
    findings: tuple[Finding, ...] = ()
    requirements: tuple[str, ...] = ()


def mask(source: str, cell: int) -> Masked:
    """Mask one code cell; ``cell`` is its number, for findings.

    A cell that is Python already is returned unchanged. Otherwise lines that only talk to IPython become
    empty (``pass`` where a block needs a statement), ``%time f()`` becomes ``f()``, and a value that
    comes from IPython is written as the call IPython would make, which analysis can refuse by name.
    """
    if parse_error(source) is None:
        return Masked(source)
    flush = _flush(source)
    if flush != source and parse_error(flush) is None:
        return Masked(flush)
    return _Masking(flush, cell).run()


def _flush(source: str) -> str:
    """Return a cell whose first line is indented with that indent taken off, as IPython runs it."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return "\n".join(line.removeprefix(indent) for line in lines) if indent else source


class _Masking:
    def __init__(self, source: str, cell: int) -> None:
        self.lines = source.split("\n")
        self.cell = cell
        self.out: list[str] = []
        self.findings: list[Finding] = []
        self.requirements: list[str] = []

    def run(self) -> Masked:
        while self._cell_magic():
            pass
        scanner = Scanner()
        while len(self.out) < len(self.lines):
            line = self.lines[len(self.out)]
            if scanner.at_start:
                replaced = self._logical_line(line)
                if replaced is not None:
                    scanner.feed(replaced)
                    self.out.append(replaced)
                    self._mask_continuation(line)
                    continue
            scanner.feed(line)
            self.out.append(line)
        return Masked("\n".join(self.out), tuple(self.findings), tuple(self.requirements))

    def _cell_magic(self) -> bool:
        """Mask a ``%%magic`` line at the head of what is left, or the whole rest of the cell."""
        start = len(self.out)
        while start < len(self.lines) and not self.lines[start].strip():
            start += 1
        if start == len(self.lines):
            return False
        found = re.match(r"%%\s*([\w.]+)?(.*)$", self.lines[start])
        if found is None:
            return False
        name, rest = found[1] or "", found[2].strip()
        self.out.extend(self.lines[len(self.out) : start])
        if name in magics.CELL_KEEPS_BODY:
            self.out.append("")
            return True
        self._note(start + 1, magics.cell_finding(name, rest))
        if name in magics.SHELL_CELLS:
            for line in self.lines[start + 1 :]:
                self.requirements.extend(installed(line))
        self.out.extend([""] * (len(self.lines) - start))
        return False

    def _logical_line(self, line: str) -> str | None:
        """Return the replacement of a logical line that is IPython's, None for a line of Python."""
        if _HELP.match(line):
            return _empty(line)
        if found := _MAGIC.match(line):
            return self._magic(found["indent"], found["name"], self._rest(found["rest"]))
        if found := _SHELL.match(line):
            rest = self._rest(found["rest"])
            self._shell(rest)
            return _empty(line)
        if found := _ASSIGNED.match(line):
            if _is_python(line):
                return None
            return self._assigned(found["target"], found["kind"], self._rest(found["rest"]))
        if _AUTOMAGIC.match(line) and not _is_python(line):
            self._shell(self._rest(line))
            return ""
        return None

    def _magic(self, indent: str, name: str, rest: str) -> str:
        if name in magics.LINE_RUNS_STATEMENT:
            return indent + magics.statement_of(rest) if rest.strip() else _pass(indent)
        if name == "pylab":
            self._note(len(self.out) + 1, magics.line_finding(name, rest))
            return indent + "import numpy as np; import matplotlib.pyplot as plt"
        if name in magics.INSTALLERS:
            self.requirements.extend(installed(f"{name} {rest}"))
        self._note(len(self.out) + 1, magics.line_finding(name, rest))
        return _pass(indent)

    def _assigned(self, target: str, kind: str, rest: str) -> str:
        line = len(self.out) + 1
        if kind == "!":
            self._note(
                line, ("W-SHELL", "a value comes from a shell command, which nbprod never runs")
            )
            return f"{target}= get_ipython().getoutput({rest.strip()!r})"
        name, _, argument = rest.strip().partition(" ")
        if name in magics.LINE_RUNS_STATEMENT:
            return f"{target}= {magics.statement_of(argument)}"
        self._note(line, ("W-MAGIC", f"a value comes from the magic %{name}"))
        return f"{target}= get_ipython().run_line_magic({name!r}, {argument.strip()!r})"

    def _shell(self, command: str) -> None:
        found = installed(command)
        self.requirements.extend(found)
        if not found:
            self._note(len(self.out) + 1, ("I-SHELL", "a shell command is left out"))

    def _rest(self, text: str) -> str:
        """Return a magic's or command's text with the lines that a final backslash joins to it."""
        index = len(self.out)
        while text.endswith("\\") and index + 1 < len(self.lines):
            index += 1
            text = text[:-1] + " " + self.lines[index].strip()
        return text

    def _mask_continuation(self, line: str) -> None:
        while line.endswith("\\") and len(self.out) < len(self.lines):
            line = self.lines[len(self.out)]
            self.out.append("")

    def _note(self, line: int, noted: tuple[str, str] | None) -> None:
        if noted is not None:
            code, message = noted
            source = self.lines[line - 1].strip()
            self.findings.append(Finding(code, message, Origin(self.cell, line), source=source))


def _is_python(line: str) -> bool:
    return parse_error(line.strip()) is None


def _pass(indent: str) -> str:
    return f"{indent}pass" if indent else ""


def _empty(line: str) -> str:
    return _pass(line[: len(line) - len(line.lstrip())])


__all__ = ["Masked", "mask"]
