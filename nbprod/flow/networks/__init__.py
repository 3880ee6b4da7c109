"""Networks of PyTorch, which loops of the notebook train: what they are trained on, and what they are asked."""
