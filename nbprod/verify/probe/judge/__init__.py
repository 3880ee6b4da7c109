"""Run a generated package and compare it with what the notebook did."""
