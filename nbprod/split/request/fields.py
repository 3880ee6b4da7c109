"""How a function takes a request, and which column of the data has the values of each parameter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from nbprod.findings import NotebookError
from nbprod.flow.program import origin
from nbprod.flow.scope import base_name, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.request.values import Field, Form

_TYPES: dict[str, Form] = {
    "dict": "dict", "Mapping": "dict", "Dict": "dict", "Series": "series", "DataFrame": "frame",
}  # fmt: skip
_ENDING = re.compile(r"(?:_|(?<=[a-z]))(?:id|ids|key|name|idx|code|no|nr|number)$", re.IGNORECASE)
_WHOLE_ROW = frozenset(
    ("row", "record", "request", "instance", "sample", "example", "df", "frame", "data", "x")
)


def form_of(flow: Flow, body: list[ast.stmt], function: ast.FunctionDef) -> Form:
    """Return how a function takes a request: as values, or as one row in one of three types.

    Raises:
        NotebookError: it takes a row, and nothing in the notebook says of which type.
    """
    required = _required(function)
    if len(required) != 1 or len(_parameters(function)) != 1:
        return "fields"
    (parameter,) = required
    said = _annotated(parameter)
    if said is not None:
        return said
    if parameter.arg not in _WHOLE_ROW and not _reads_columns(function, parameter.arg):
        return "fields"
    handed = _handed(flow, body, function)
    if handed is not None:
        return handed
    if not _reads_columns(function, parameter.arg):
        return "fields"
    at = origin(function)
    raise NotebookError(
        f"E-PREDICT-REQUEST: cell {at.cell}:{at.line}: {function.name}({parameter.arg}) takes a row, and nothing says "
        f"of which type; write `{parameter.arg}: pd.Series`, `{parameter.arg}: pd.DataFrame` or `{parameter.arg}: dict`"
    )


def fields_of(
    body: Iterable[ast.stmt], function: ast.FunctionDef, said: dict[str, str], calls: list[ast.stmt]
) -> tuple[Field, ...]:
    """Return the values of a request; ``body`` is what the function depends on, itself included.

    Args:
        body: statements whose texts name the columns of the data.
        function: the function of the ``predict`` cell.
        said: columns of parameters, as a comment in the cell says.
        calls: statements that may call the function with example values.

    Raises:
        NotebookError: a parameter without default has no column and no example.
    """
    texts = _texts(body)
    defaults = _defaults(function)
    found: list[Field] = []
    for parameter in _parameters(function):
        name = parameter.arg
        default = defaults.get(name)
        column = said.get(name, "")
        if default is not None:
            value = literal(default)
            if value is NotImplemented or not isinstance(value, (str, int, float, bool)):
                continue  # the function's own default is taken
            found.append(Field(name, column, repr(value)))
            continue
        column = column or _column(name, texts) or _column(name, _texts(calls))
        example = None if column else _example(function, name, calls)
        if not column and example is None:
            at = origin(function)
            raise NotebookError(
                f"E-PREDICT-REQUEST: cell {at.cell}:{at.line}: no column of the data is called like the parameter "
                f"{name!r} of {function.name}; say which one has its values with a comment `# nbprod: {name}=COLUMN` "
                "in the cell, or give it a default"
            )
        found.append(Field(name, column, "" if example is None else example))
    if not any(field.column for field in found):
        at = origin(function)
        raise NotebookError(
            f"E-PREDICT-REQUEST: cell {at.cell}:{at.line}: no parameter of {function.name} has values in the data, so "
            "there is no request to prove it with; say where they are with a comment `# nbprod: PARAMETER=COLUMN`"
        )
    return tuple(found)


def said_columns(source: str, function: ast.FunctionDef) -> dict[str, str]:
    """Return the columns that comments of the cell give to parameters: ``# nbprod: user=listener_id``."""
    names = {parameter.arg for parameter in _parameters(function)}
    pairs = re.findall(r"^\s*#\s*nbprod:\s*(\w+)=([\w.-]+)\s*$", source, re.MULTILINE)
    return {name: column for name, column in pairs if name in names}


def source_of(flow: Flow, body: Iterable[ast.stmt], columns: list[str]) -> str:
    """Return the data source whose statements name most of the columns; the first one among equals."""
    counts = dict.fromkeys(flow.sources, 0)
    for statement in body:
        named = {
            part.value
            for part in walk(statement)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        } | {part.attr for part in walk(statement) if isinstance(part, ast.Attribute)}
        if not named & set(columns):
            continue
        for part in walk(statement):
            if isinstance(part, ast.Name):
                for source in flow.val(part).sources:
                    counts[source] = counts.get(source, 0) + 1
    order = list(flow.sources)
    return max(order, key=lambda name: (counts[name], -order.index(name))) if order else ""


def _parameters(function: ast.FunctionDef) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _defaults(function: ast.FunctionDef) -> dict[str, ast.expr]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    late = positional[len(positional) - len(arguments.defaults) :]
    found = {p.arg: d for p, d in zip(late, arguments.defaults, strict=True)}
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            found[parameter.arg] = default
    return found


def _required(function: ast.FunctionDef) -> list[ast.arg]:
    defaults = _defaults(function)
    return [p for p in _parameters(function) if p.arg not in defaults]


def _annotated(parameter: ast.arg) -> Form | None:
    if parameter.annotation is None:
        return None
    text = ast.unparse(parameter.annotation).split("[")[0].rsplit(".", 1)[-1].strip("'\"")
    return _TYPES.get(text)


def _reads_columns(function: ast.FunctionDef, name: str) -> bool:
    for node in walk(function):
        if not isinstance(node, (ast.Subscript, ast.Attribute)):
            continue
        if not isinstance(node.value, ast.Name) or node.value.id != name:
            continue
        if isinstance(node, ast.Attribute):
            if node.attr[:1].isupper() or node.attr in ("get", "loc", "iloc", "to_frame"):
                return True
        else:
            key = literal(node.slice)
            if isinstance(key, str) or (isinstance(key, list) and key and isinstance(key[0], str)):
                return True
    return False


def _handed(flow: Flow, body: list[ast.stmt], function: ast.FunctionDef) -> Form | None:
    """Return of which type the rows are that the notebook hands to the function."""
    for statement in body:
        for node in walk(statement):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Attribute) and node.func.attr == "apply" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Name) and first.id == function.name:
                    return "series"
            if not (
                isinstance(node.func, ast.Name) and node.func.id == function.name and node.args
            ):
                continue
            argument = node.args[0]
            if isinstance(argument, ast.Dict):
                return "dict"
            if isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith("to_dict"):
                return "dict"
            if isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith("DataFrame"):
                return "frame"
            if isinstance(argument, ast.Subscript) and isinstance(argument.value, ast.Attribute):
                if argument.value.attr in ("iloc", "loc"):
                    single = isinstance(argument.slice, (ast.Constant, ast.UnaryOp))
                    return "series" if single else "frame"
            if flow.val(argument).kind == "frame":
                return "frame"
    return None


def _texts(body: Iterable[ast.stmt]) -> list[str]:
    """Return what may be the name of a column, in the order of appearance."""
    found: dict[str, None] = {}
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if len(node.value) < 60 and "\n" not in node.value:
                    found.setdefault(node.value)
            elif isinstance(node, ast.Attribute) and base_name(node) is not None:
                found.setdefault(node.attr)
    return list(found)


def _column(parameter: str, texts: list[str]) -> str:
    """Return the column of a parameter: of the same name, else the only one that differs in an ending."""
    if parameter in texts:
        return parameter
    same = [text for text in texts if text.lower() == parameter.lower()]
    if len(same) == 1:
        return same[0]
    near = [text for text in texts if _stem(text) and _stem(text) == _stem(parameter)]
    return near[0] if len(near) == 1 else ""


def _stem(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _ENDING.sub("", text).lower())


def _example(function: ast.FunctionDef, name: str, calls: list[ast.stmt]) -> str | None:
    """Return the literal that a call in the notebook gives to a parameter."""
    position = [p.arg for p in _parameters(function)].index(name)
    for statement in calls:
        for node in walk(statement):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == function.name
            ):
                continue
            argument = next((k.value for k in node.keywords if k.arg == name), None)
            if argument is None and position < len(node.args):
                argument = node.args[position]
            value = literal(argument)
            if isinstance(value, (str, int, float, bool)):
                return repr(value)
    return None
