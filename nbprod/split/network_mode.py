"""What is said of a network that a loop of the notebook trains: how it answers, and in which mode it is asked."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.split.sinks import Sink


def said(sink: Sink) -> Iterator[Finding]:
    """Yield findings about the answers of the network."""
    training = sink.training
    if training is None:
        return
    if training.decision:
        shown = training.decision.replace("output", "p")[:80]
        at = training.decided_at
        how = "as in the notebook" if at is not None else "by the loss, for the notebook never does"
        yield Finding(
            "I-DECISION",
            f"answers are decided {how}: {shown}",
            origin(sink.call if at is None else at),
            "" if at is None else ast.unparse(at)[:200],
        )
    for at in training.other_ways:
        yield Finding(
            "W-DECISION",
            f"the notebook decides otherwise here: {ast.unparse(at)[:80]}; what decides last is served",
            origin(at),
            ast.unparse(at)[:200],
            "tag cells of mere trials `skip`",
        )
    if training.unclear is not None:
        yield Finding(
            "W-DECISION",
            f"a threshold that the notebook computes is not taken over: {ast.unparse(training.unclear)[:80]}",
            origin(training.unclear),
            ast.unparse(training.unclear)[:200],
            "write the threshold as a number",
        )
    if training.changing and not training.evaluates:
        layers = ", ".join(training.changing)
        yield Finding(
            "W-TRAIN-MODE",
            f"{training.model} is asked while it is set to training, where {layers} makes an answer depend on chance or on "
            "the other rows; the service asks it in evaluation mode, so its answers are others than the notebook's",
            origin(training.asked[-1].answer if training.asked else sink.call),
            advice=f"call {training.model}.eval() before the network is asked",
        )


__all__ = ["said"]
