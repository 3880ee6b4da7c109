"""Write out a helper of the notebook where it is called."""

from __future__ import annotations

import ast

from nbprod.flow.substitution import (
    as_load,
    assigned_names,
    elements,
    is_short,
    like,
    outside_functions,
    reads,
    substitute,
    target_names,
)
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow


class Inliner:
    """Helpers that learn, filter or fit, expanded into the program."""

    flow: Flow
    globals: set[str]

    def _helper_call(self, expression: ast.expr) -> ast.Call | None:
        for node in outside_functions(expression):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in self.flow.impure
                and node.func.id in self.flow.functions
                and node.func.id not in self.flow.selectors
                and inlinable(self.flow.functions[node.func.id], node)
            ):
                return node
        return None

    def _inline(
        self, node: ast.stmt, definition: ast.FunctionDef, call: ast.Call, target: ast.expr | None
    ) -> list[ast.stmt]:
        parameters = [
            *definition.args.posonlyargs,
            *definition.args.args,
            *definition.args.kwonlyargs,
        ]
        values: dict[str, ast.expr] = {}
        positional = [*definition.args.posonlyargs, *definition.args.args]
        defaults = definition.args.defaults
        for parameter, default in zip(
            positional[len(positional) - len(defaults) :], defaults, strict=True
        ):
            values[parameter.arg] = default
        for parameter, default2 in zip(
            definition.args.kwonlyargs, definition.args.kw_defaults, strict=True
        ):
            if default2 is not None:
                values[parameter.arg] = default2
        values.update({p.arg: a for p, a in zip(positional, call.args, strict=False)})
        values.update({k.arg: k.value for k in call.keywords if k.arg})
        body = definition.body
        assigned = assigned_names(body)
        names: dict[str, ast.expr] = {}
        first: list[ast.stmt] = []
        returned = body[-1].value if isinstance(body[-1], ast.Return) else None
        for parameter in parameters:
            value = values.get(parameter.arg)
            if value is None:
                continue
            simple = isinstance(value, (ast.Name, ast.Constant)) or is_short(value)
            same = (
                isinstance(value, ast.Name)
                and isinstance(target, ast.Name)
                and value.id == target.id
                and isinstance(returned, ast.Name)
                and returned.id == parameter.arg
            )
            if same or (simple and parameter.arg not in assigned):
                names[parameter.arg] = value
            else:
                local = self._fresh(parameter.arg, definition.name)
                names[parameter.arg] = ast.Name(local, ast.Load())
                first.append(like(node, ast.Assign([ast.Name(local, ast.Store())], value)))
        wanted = target_names(target)
        returned_names = (
            [e.id for e in elements(returned) if isinstance(e, ast.Name)] if returned else []
        )
        for local in sorted(assigned - set(names)):
            if local in returned_names and len(wanted) == len(elements(returned)):
                position = [
                    e.id if isinstance(e, ast.Name) else "" for e in elements(returned)
                ].index(local)
                if wanted[position] and wanted[position] not in reads(body, local):
                    names[local] = ast.Name(wanted[position], ast.Load())
                    continue
            names[local] = ast.Name(self._fresh(local, definition.name), ast.Load())
        out = list(first)
        statements = body[:-1] if isinstance(body[-1], ast.Return) else body
        if (
            statements
            and isinstance(statements[0], ast.Expr)
            and isinstance(statements[0].value, ast.Constant)
        ):
            statements = statements[1:]
        for inner in statements:
            new = substitute(inner, names)
            new.via = node  # type: ignore[attr-defined]
            for part in walk(new):
                if isinstance(part, (ast.stmt, ast.Call)):
                    part.via = getattr(part, "via", None) or node  # type: ignore[union-attr]
                    part.helper = definition.name  # type: ignore[union-attr]
            out.append(new)
        if returned is not None and target is not None:
            answer = substitute(returned, names)
            if ast.dump(as_load(target)) != ast.dump(as_load(answer)):
                final = ast.Assign([target], answer)
                out.append(like(node, final))
        self.globals |= {n.id for s in out for n in walk(s) if isinstance(n, ast.Name)}
        return out

    def _fresh(self, local: str, helper: str) -> str:
        if local not in self.globals:
            self.globals.add(local)
            return local
        name = f"{local}_{helper}"
        count = 2
        self.flow.renamed[name] = local
        while name in self.globals:
            name = f"{local}_{helper}_{count}"
            count += 1
        self.globals.add(name)
        self.flow.renamed[name] = local
        return name


def inlinable(definition: ast.FunctionDef, call: ast.Call) -> bool:
    """Say whether a helper can be written out at the call: one way in, one way out."""
    if definition.args.vararg or definition.args.kwarg or definition.decorator_list:
        return False
    if any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    ):
        return False
    returns = 0
    for node in outside_functions(definition, skip_root=True):
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal)):
            return False
        returns += isinstance(node, ast.Return)
    return returns == 0 or (returns == 1 and isinstance(definition.body[-1], ast.Return))
