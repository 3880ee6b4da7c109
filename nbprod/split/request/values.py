"""What is known about the function of a ``predict`` cell."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

# How the function takes a request: a value a parameter, or one parameter that is the whole row.
Form = Literal["fields", "series", "frame", "dict"]


@dataclass(frozen=True)
class Field:
    """One value of a request: a parameter of the function, and where training has values for it.

    ``column`` is the column of the data source with the values that are known, "" when there is none;
    ``default`` is the value that is taken when a request leaves it out, as source text.
    """

    parameter: str
    column: str = ""
    default: str = ""


@dataclass(frozen=True)
class Request:
    """A function from one request to an answer.

    ``source`` is the data source whose rows requests are made of. ``learned`` are the variables that the
    function or one that it calls reads, ``functions`` the notebook's functions and classes among what it
    calls, in the order in which they are defined, itself last.
    """

    function: ast.FunctionDef
    form: Form
    source: str
    fields: tuple[Field, ...] = ()
    learned: tuple[str, ...] = ()
    functions: tuple[ast.FunctionDef, ...] = ()
    classes: tuple[ast.ClassDef, ...] = ()

    @property
    def derived(self) -> bool:
        """Whether requests are made from the rows of the source, and are not rows themselves."""
        return self.form == "fields"
