"""Calls in a training: modules, losses, optimizers, loaders, and the functions and data sets of the notebook."""

from __future__ import annotations

import ast

from nbprod.flow.networks.outputs import OutputReader
from nbprod.flow.networks.rows import KNOWN
from nbprod.flow.networks.values import OUTPUT, Group, Loss, Network, Optimizer, Output, Rows, Value
from nbprod.flow.scope import base_name
from nbprod.flow.tree import walk

DEEPEST = 4  # calls of functions of the notebook inside each other


class CallReader(OutputReader):
    """Everything that is called."""

    functions: dict[str, ast.FunctionDef]
    classes: dict[str, ast.ClassDef]
    depth: int
    pairs: list[tuple[Output, Rows]]
    stepped: list[Network]
    losses: list[str]
    several: bool
    lost: ast.Call | None
    training: bool
    returned: list[Value]

    def block(self, body: list[ast.stmt]) -> None:
        """Read statements one after the other."""
        raise NotImplementedError

    def _seen(self, node: ast.expr) -> Value:
        raise NotImplementedError

    def _bind(self, target: ast.expr, value: Value) -> None:
        raise NotImplementedError

    def _compare_pair(self, one: Value, two: Value) -> None:
        if isinstance(one, Rows):
            one, two = two, one
        if isinstance(one, Output) and isinstance(two, Rows):
            self.pairs.append((one, two))

    # -- classes of the notebook -------------------------------------------------------------------
    def _bases(self, name: str) -> set[str]:
        found: set[str] = set()
        node = self.classes.get(name)
        for base in node.bases if node is not None else []:
            if isinstance(base, ast.Name) and base.id in self.classes and base.id != name:
                found |= self._bases(base.id)
            found.add(self.qual(base))
        return found

    def builds(self, node: ast.expr) -> bool:
        """Say whether a call builds a module of PyTorch."""
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Name) and node.func.id in self.classes:
            return any(b.startswith("torch.nn.") for b in self._bases(node.func.id))
        qual = self.qual(node.func)
        return qual.startswith("torch.nn.") and qual.rsplit(".", 1)[-1][:1].isupper()

    # -- calls -------------------------------------------------------------------------------------
    def ev_Call(self, node: ast.Call) -> Value:
        function = node.func
        if isinstance(function, ast.Name) and function.id not in self.env:
            if function.id in self.functions and self.depth < DEEPEST:
                return self._called(self.functions[function.id], node)
            if function.id in self.classes and not self.builds(node):
                return self._dataset(self.classes[function.id], node)
        if self.builds(node):
            return Network(node)
        value = self.ev(function) if isinstance(function, (ast.Name, ast.Call)) else None
        if isinstance(value, Network):
            return self._forward(value, node)
        if isinstance(value, Loss):
            return self._lost_by(value.name, [self._seen(a) for a in node.args])
        qual = self.qual(function)
        if qual:
            return self._function(node, qual)
        if isinstance(function, ast.Attribute):
            return self._method(node, function)
        last = ast.unparse(function).rsplit(".", 1)[-1]
        if last == "enumerate" and node.args:
            return Group((None, self.ev(node.args[0])))
        if last == "zip":
            return Group(tuple(self.ev(a) for a in node.args))
        if last == "map" and len(node.args) == 2 and self.qual(node.args[0]):
            inner = self.ev(node.args[1])
            values = node.args[1].elts if isinstance(node.args[1], (ast.Tuple, ast.List)) else []
            return Group(tuple(self.ev(ast.Call(node.args[0], [v], [])) for v in values)) or inner
        if last in KNOWN["transparent"] and node.args:
            return self.ev(node.args[0])
        given = [self._seen(a) for a in [*node.args, *(k.value for k in node.keywords)]]
        if len(given) > 1:
            self._compare_pair(given[0], given[1])
        return None

    def _forward(self, network: Network, node: ast.Call) -> Value:
        values = [self._seen(a) for a in node.args]
        if len(values) > 1 and isinstance(values[0], Output):
            return self._lost_by(ast.unparse(network.built.func).rsplit(".", 1)[-1], values)
        self.several |= len([v for v in values if isinstance(v, Rows)]) > 1
        if values and isinstance(values[0], Rows):
            return Output(network, values[0], ast.Name(OUTPUT, ast.Load()))
        return None

    def _lost_by(self, name: str, values: list[Value]) -> Value:
        """Note a loss: what is compared in it, and how."""
        self.losses.append(name)
        if len(values) > 1:
            self._compare_pair(values[0], values[1])
        return None

    def _function(self, node: ast.Call, qual: str) -> Value:
        last = qual.rsplit(".", 1)[-1]
        if qual in KNOWN["conversions"]:
            first = self.ev(node.args[0]) if node.args else None
            return first if isinstance(first, Output) else self.converted(node)
        if qual in (*KNOWN["datasets"], *KNOWN["loaders"], *KNOWN["splits"]):
            return self.batches(node, qual)
        if qual.startswith("torch.optim."):
            return self._optimizer(node)
        if last in KNOWN["transparent"] and node.args:
            return self.ev(node.args[0])
        values = [self._seen(a) for a in node.args]
        first = values[0] if values else None
        if len(values) > 1 and isinstance(first, Output) and isinstance(values[1], Rows):
            return self._lost_by(last, values)
        if isinstance(first, Rows) and first.tensor and not qual.startswith("torch."):
            self.lost = node
        if isinstance(first, Output):
            return self.function_of(first, node, last)
        if (
            isinstance(first, Rows)
            and first.tensor
            and last in (*KNOWN["keeps"], "squeeze", "unsqueeze")
        ):
            return Rows(
                first.source, ast.Call(node.func, [first.text, *node.args[1:]], node.keywords), True
            )
        return None

    def _optimizer(self, node: ast.Call) -> Value:
        for argument in [*node.args, *(k.value for k in node.keywords)]:
            for part in walk(argument):
                if isinstance(part, ast.Attribute) and part.attr in (
                    "parameters",
                    "named_parameters",
                ):
                    found = self.ev(part.value)
                    if isinstance(found, Network):
                        return Optimizer(found)
                if isinstance(part, ast.expr):
                    held = self.ev(part) if isinstance(part, ast.Name) else None
                    if isinstance(held, Optimizer):
                        return held
        return None

    def _method(self, node: ast.Call, function: ast.Attribute) -> Value:
        value, name = self._receiver(function), function.attr
        if isinstance(value, Network):
            if name == "forward":
                return self._forward(value, node)
            if name in ("eval", "train"):
                self.training = name == "train"
            return value if name in (*KNOWN["moves"], "float", "double", "eval", "train") else None
        if isinstance(value, Optimizer):
            if name == "step":
                self.stepped.append(value.network)
            return None
        if isinstance(value, Rows):
            return self.method_of_rows(value, node, name)
        if isinstance(value, Output):
            if node.args and isinstance(found := self.ev(node.args[0]), Rows):
                self._compare_pair(value, found)
                return None
            return self.method_of(value, node, name)
        arguments = [self._seen(a) for a in node.args]
        if name in ("append", "extend") and isinstance(function.value, ast.Name):
            if arguments and isinstance(arguments[0], Output):
                self.env[function.value.id] = arguments[0]
        return None

    def _receiver(self, function: ast.Attribute) -> Value:
        found = self.ev(function.value)
        if isinstance(function.value, ast.Name) or found is not None:
            return found
        return None

    # -- functions and data sets of the notebook -----------------------------------------------------
    def _called(self, definition: ast.FunctionDef, node: ast.Call) -> Value:
        before, returned = self.env, self.returned
        given = self._given(definition.args, node)
        self.env = {n: v for n, v in {**before, **given}.items() if v is not None}
        self.returned = []
        self.depth += 1
        self.block(definition.body)
        self.depth -= 1
        found = next((v for v in reversed(self.returned) if v is not None), None)
        self.env, self.returned = before, returned
        return found

    def _given(self, parameters: ast.arguments, node: ast.Call, skip: int = 0) -> dict[str, Value]:
        names = [*parameters.posonlyargs, *parameters.args][skip:]
        given: dict[str, Value] = {p.arg: None for p in [*names, *parameters.kwonlyargs]}
        pairs = [(p.arg, a) for p, a in zip(names, node.args, strict=False)]
        for name, argument in [*pairs, *((k.arg, k.value) for k in node.keywords if k.arg)]:
            value = self.ev(argument)
            if value is None and isinstance(argument, (ast.Name, ast.Subscript, ast.Attribute)):
                value = self.rows(argument) if base_name(argument) else None
            given[name] = value
        return given

    def _dataset(self, node: ast.ClassDef, call: ast.Call) -> Value:
        """Return what one item of a data set that the notebook defines has."""
        methods = {s.name: s for s in node.body if isinstance(s, ast.FunctionDef)}
        made, item = methods.get("__init__"), methods.get("__getitem__")
        if made is None or item is None:
            return None
        before, returned = self.env, self.returned
        given = self._given(made.args, call, skip=1)
        self.env = {n: v for n, v in {**before, **given}.items() if v is not None}
        for statement in made.body:
            if isinstance(statement, ast.Assign):
                value = self.rows_or_value(statement.value)
                for target in statement.targets:
                    if isinstance(target, ast.Attribute) and value is not None:
                        self.env[ast.unparse(target)] = value
                    else:
                        self._bind(target, value)
        self.returned, self.depth, self.loops = [], self.depth + 1, self.loops + 1
        self.block(item.body)
        self.depth, self.loops = self.depth - 1, self.loops - 1
        found = next((v for v in reversed(self.returned) if v is not None), None)
        self.env, self.returned = before, returned
        return found

    def rows_or_value(self, node: ast.expr) -> Value:
        """Return the value of an expression, or the rows of a parameter that it holds."""
        found = self.ev(node)
        root = base_name(node)
        if found is None and root is not None and isinstance(self.env.get(root), Rows):
            return self.rows(node)
        return found


__all__ = ["CallReader"]
