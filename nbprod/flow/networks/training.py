"""Loops that train a network of PyTorch, written as one fit: ``model = Net().fit(X, y, ...)``.

What the loop needs stays together in ``call.training``, in the notebook's own words; the rest of the analysis sees a fit
like any other. A loop that cannot be followed stays as it is and says why in ``refused``.
"""

from __future__ import annotations

import ast
import copy

from nbprod.flow.networks.fit_statement import FitMaker
from nbprod.flow.networks.loops import training_functions, trains
from nbprod.flow.networks.needed import free as needs
from nbprod.flow.networks.outputs import bare
from nbprod.flow.networks.reader import Reader
from nbprod.flow.networks.rows import KNOWN
from nbprod.flow.networks.splits import split_tables
from nbprod.flow.networks.values import (
    OUTPUT,
    ROWS,
    Asked,
    Group,
    Network,
    Output,
    Rows,
    Task,
    Training,
    Value,
)
from nbprod.flow.networks.written_out import written_out
from nbprod.flow.statsmodels_calls import imported
from nbprod.flow.tree import walk

DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


def as_fits(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with each training of a network as a fit (the same list when it has none)."""
    imports = imported(body)
    if not any(name.split(".")[0] == "torch" for name in imports.values()):
        return body
    functions = training_functions(body)
    if not any(trains(s, functions) for s in body if not isinstance(s, DEFINITIONS)):
        return body
    body = copy.deepcopy(body)  # names change in place, and other readers want their own
    body = written_out(body, Reader(body, imports).builds)
    at = [s for s in body if not isinstance(s, DEFINITIONS) and trains(s, functions)]
    return _Fits(body, imports, at).run()


class _Fits:
    def __init__(self, body: list[ast.stmt], imports: dict[str, str], at: list[ast.stmt]) -> None:
        self.body, self.imports, self.at = body, imports, at
        self.reader = Reader(body, imports)
        self.taken = {n.id for s in body for n in walk(s) if isinstance(n, ast.Name)}
        self.renamed: dict[str, str] = {}
        self.found: dict[int, Training] = {}  # by the statement that ends it
        self.built: dict[int, int] = {}  # the end of a training by the call that builds its network

    def run(self) -> list[ast.stmt]:
        """Read the program once, and put fits in the place of the statements that end a training."""
        reader = self.reader
        after: dict[int, list[tuple[Output, ast.expr, bool]]] = {}
        evaluates: dict[int, bool] = {}
        out: list[ast.stmt] = []
        for node in self.body:
            self._apart(node)
            split = split_tables(node, reader, out, self.taken)
            self.renamed |= split[1] if split else {}
            for part in split[0] if split else [node]:
                out.append(part)
                self._read(part, after, evaluates)
        self.body = out
        for end, training in self.found.items():
            self._answers(training, after.get(end, []))
            training.evaluates = evaluates.get(end, True)
        maker = FitMaker(self.body, self.imports, reader)
        return [maker.fit(s, self.found[id(s)]) if id(s) in self.found else s for s in self.body]

    def _read(
        self,
        node: ast.stmt,
        after: dict[int, list[tuple[Output, ast.expr, bool]]],
        evaluates: dict[int, bool],
    ) -> None:
        """Read a statement, and note what it asks networks that are trained."""
        reader = self.reader
        reader.said, reader.pairs, reader.stepped, reader.losses = [], [], [], []
        reader.unclear = []
        mode = reader.training
        reader.statement(node)
        if node in self.at:
            self._trained(node)
            return
        for output, place, alone in reader.said:
            end = self.built.get(id(output.network.built))
            if end is not None:
                evaluates[end] = evaluates.get(end, True) and not (reader.training and mode)
                after.setdefault(end, []).append((output, place, alone))
        for network, place in reader.unclear:
            end = self.built.get(id(network.built))
            if end is not None:
                self.found[end].unclear = place
        self._reloaded(node)

    # -- one name, one thing -------------------------------------------------------------------------
    def _apart(self, node: ast.stmt) -> None:
        """Give a tensor that takes the name of its table, ``X = torch.tensor(X)``, a name of its own from there on."""
        from nbprod.flow.shadowed import renamed_in

        if not isinstance(node, ast.Assign):
            renamed_in(node, self.renamed)
            return
        renamed_in(node.value, self.renamed)
        read = {n.id for n in walk(node.value) if isinstance(n, ast.Name)}
        names = [n for t in node.targets for n in _targets(t)]
        made = _holds(self.reader.ev(node.value))
        for name in names:
            given = self.renamed.pop(name, None)
            if made and given in read:
                self.renamed[name] = given  # the tensor in another shape
            elif made and name in read:
                new = f"{name}_tensor"
                while new in self.taken:
                    new += "_"
                self.taken.add(new)
                self.renamed[name] = new
        for target in node.targets:
            renamed_in(target, self.renamed)

    # -- a training --------------------------------------------------------------------------------
    def _trained(self, node: ast.stmt) -> None:
        reader = self.reader
        network = next(iter(reader.stepped), None)
        if network is None:
            _refuse(node, "the network whose weights its optimizer changes cannot be told; write `optimizer = "
                    "torch.optim.Adam(model.parameters())` beside the loop")  # fmt: skip
            return
        pair = next(((o, r) for o, r in reader.pairs if o.network is network), None)
        pair = pair or next(
            ((o, r) for o, r in reader.pairs if o.network.built is network.built), None
        )
        if reader.several:
            _refuse(
                node,
                "the network takes several tables at once; join them into one tensor of columns",
            )
            return
        if pair is None:
            _refuse(node, self._lost())
            return
        output, label = pair
        if ast.dump(output.rows.source) == ast.dump(label.source):
            _refuse(node, "the network learns to repeat its own input, or features and label are one tensor; "
                    "take the label out of the table before tensors are made")  # fmt: skip
            return
        strange = needs(output.rows.text) - set(self.imports) - {ROWS}
        if strange:
            _refuse(
                node,
                f"what makes a tensor of its rows, {_text(output.rows.text)[:60]}, depends on {min(strange)}; write it for "
                "any number of rows",
            )
            return
        name = self._variable(network)
        if not name:
            _refuse(
                node,
                "the trained network has no variable at the top of a cell; return it from the function",
            )
            return
        built = self.built.get(id(network.built))
        if built is not None:
            del self.found[built]
        losses = [KNOWN["losses"][w] for w in reader.losses if w in KNOWN["losses"]]
        task: Task
        task, decision, shares = losses[-1] if losses else ("", "", "")
        training = Training([node], name, network.built, output.rows.source, label.source,
                            _text(output.rows.text), task, decision)  # fmt: skip
        inside = [o for o, _, _ in reader.said if o.decided and o.network.built is network.built]
        if inside and task == "classification":
            training.decision = _text(inside[-1].text)
        layers = self._layers(network)
        training.changing = tuple(sorted(layers & set(KNOWN["changing"])))
        training.shares = shares
        if shares != OUTPUT and layers & set(KNOWN["squashing"]):
            training.shares = (
                OUTPUT if "softmax" in shares else ""
            )  # the network has done it already
        self.built[id(network.built)] = id(node)
        self.found[id(node)] = training

    def _lost(self) -> str:
        if self.reader.lost is not None:
            call = ast.unparse(self.reader.lost)[:60]
            return f"{call} chooses among tensors, whose rows have no names any more; split the table, then make tensors of its parts"
        return (
            "which rows of a table the network learns from cannot be followed to the loss; make tensors by "
            "torch.tensor(X_train) and torch.tensor(y_train), and compare what the network says with one"
        )

    def _variable(self, network: Network) -> str:
        names = [
            n
            for n, v in self.reader.env.items()
            if isinstance(v, Network) and v.built is network.built
        ]
        return names[-1] if names else ""

    def _layers(self, network: Network) -> set[str]:
        """Return the names of what a network is built from and calls."""
        trees: list[ast.AST] = [network.built]
        made = network.built.func
        if isinstance(made, ast.Name) and made.id in self.reader.classes:
            trees.append(self.reader.classes[made.id])
        calls = (n for t in trees for n in walk(t) if isinstance(n, ast.Call))
        return {ast.unparse(n.func).rsplit(".", 1)[-1] for n in calls}

    def _reloaded(self, node: ast.stmt) -> None:
        """Weights that are put back after the loop end the training."""
        call = node.value if isinstance(node, ast.Expr) else None
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            return
        network = self.reader.ev(call.func.value)
        if call.func.attr != "load_state_dict" or not isinstance(network, Network):
            return
        end = self.built.get(id(network.built))
        if end is not None:
            training = self.found.pop(end)
            training.statements.append(node)
            self.found[id(node)] = training
            self.built[id(network.built)] = id(node)

    # -- answers -----------------------------------------------------------------------------------
    def _answers(self, training: Training, said: list[tuple[Output, ast.expr, bool]]) -> None:
        """Take the last choice that the notebook makes of what its trained network says, else the outputs."""
        decided = [(output, place, alone) for output, place, alone in said if output.decided]
        if decided:
            last, training.decided_at, _ = decided[-1]
            training.decision = _text(last.text)
            said = [one for one in decided if one[0].decided == last.decided]
            training.other_ways = [p for o, p, _ in decided if o.decided != last.decided]
        elif training.decision:
            return  # the notebook never decides: there is no answer to compare
        training.asked = [
            Asked(output.rows.source, place)
            for output, place, alone in said
            if alone and (output.decided or ast.unparse(bare(output.text)) == OUTPUT)
        ]


def _targets(node: ast.expr) -> list[str]:
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]
    return [p.id for p in parts if isinstance(p, ast.Name)]


def _holds(value: Value) -> bool:
    """Say whether a value is a tensor of rows, or has one among others."""
    if isinstance(value, Group):
        return any(_holds(item) for item in value.items)
    return isinstance(value, Rows)


def _text(node: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node)))


def _refuse(node: ast.stmt, why: str) -> None:
    node.refused = why  # type: ignore[attr-defined]


__all__ = ["as_fits"]
