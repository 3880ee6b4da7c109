"""Notebooks whose features only look like functions of one row; none of them may be verified.

``python -m benchmarks.disguises`` writes them, one a case of the ``*.toml`` files here, converts and verifies each, and prints
what became of it. A case under ``[never]`` must be refused or left unverified, by the name of its statement. One under
``[either]`` may be verified as well: what is learned from the training rows makes it a function of one row. Whatever is
verified is judged once more by ``benchmarks.oracle``: each HTTP answer must be the notebook's.
"""
