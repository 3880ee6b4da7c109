"""The functions of ``vector/`` that mean something else up to pandas 2.1; each replaces the one of its name."""
