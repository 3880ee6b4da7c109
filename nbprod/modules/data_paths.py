"""Which file a reader of the notebook reads: paths that are put together, and files that lie elsewhere."""

from __future__ import annotations

import ast
from pathlib import Path

from nbprod.flow.scope import keyword
from nbprod.flow.values import Flow

PATH_ARGUMENTS = ("filepath_or_buffer", "io", "path_or_buf", "path", "fname", "path_or_buffer")


class Paths:
    """The paths of one notebook; ``folder`` is where it lies."""

    def __init__(self, flow: Flow, folder: Path | None) -> None:
        self.flow, self.folder = flow, folder

    def beside(self, value: str) -> str | None:
        """Return where a file of that name lies beside the notebook, when it is not where it should be."""
        if self.folder is None or (self.folder / value).exists():
            return None
        name = value.replace("\\", "/").rsplit("/", 1)[-1]
        for place in ("", "data/", "input/", "dataset/", "datasets/"):
            if name and (self.folder / place / name).is_file():
                return place + name
        return None

    def path(self, node: ast.expr) -> tuple[str | int, str] | None:
        """Return the path argument of a reader and its value, when it is known."""
        if not isinstance(node, ast.Call):
            return None
        function = ast.unparse(node.func).rsplit(".", 1)[-1]
        if not function.startswith(("read_", "loadtxt", "genfromtxt")) or function.startswith(
            "read_sql"
        ):
            return None
        candidates: list[tuple[str | int, ast.expr]] = [(0, node.args[0])] if node.args else []
        for name in PATH_ARGUMENTS:
            value = keyword(node, name)
            if value is not None:
                candidates.append((name, value))
        for argument, value in candidates:
            val = self.flow.val(value)
            if val.known and isinstance(val.literal, str):
                return argument, val.literal
            text = self._joined(value)
            if text is not None:
                return argument, text
        return None

    def _joined(self, node: ast.expr) -> str | None:
        """Evaluate ``a + 'x.csv'``, ``os.path.join(a, b)``, f-strings and ``Path(a) / b`` of known parts."""
        if isinstance(node, ast.Call):
            function = ast.unparse(node.func)
            parts = [self._text(a) for a in node.args]
            if function in ("os.path.join", "path.join", "Path", "pathlib.Path", "str") and all(
                p is not None for p in parts
            ):
                return "/".join(str(p).rstrip("/") for p in parts)
        if isinstance(node, ast.JoinedStr):
            pieces = [
                self._text(v.value if isinstance(v, ast.FormattedValue) else v) for v in node.values
            ]
            if all(p is not None for p in pieces):
                return "".join(str(p) for p in pieces)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
            left, right = self._text(node.left), self._text(node.right)
            if left is not None and right is not None:
                return (
                    left + right if isinstance(node.op, ast.Add) else f"{left.rstrip('/')}/{right}"
                )
        return None

    def _text(self, node: ast.expr) -> str | None:
        val = self.flow.val(node)
        if val.known and isinstance(val.literal, (str, int)):
            return str(val.literal)
        if isinstance(node, ast.Name):
            made = self._assignment(node.id)
            if made is not None and not isinstance(made, ast.Name):
                return self._text(made)
        return self._joined(node)

    def _assignment(self, name: str) -> ast.expr | None:
        found = None
        for statement in self.flow.body:
            if isinstance(statement, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == name for t in statement.targets
            ):
                found = statement.value
                break
        return found


def absolute(value: str) -> bool:
    """Say whether a path leads to the same place from everywhere."""
    return value.startswith(("/", "~")) or (len(value) > 1 and value[1] == ":")
