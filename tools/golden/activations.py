"""Writes tests/src/test/resources/golden/activations.txt: values and gradients from PyTorch.

Each line: the activation as Gradus names it, x, y, dy/dx; computed in float64 from float32 points.
"""

import pathlib

import torch
import torch.nn.functional as F

POINTS = [-80, -30, -12, -9, -6.5, -5, -4, -3.5, -2.5, -2, -1.5, -1.25, -1, -0.75, -0.5, -0.3, -0.1, -0.01, -1e-4,
          1e-4, 0.01, 0.1, 0.3, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3.5, 4, 5, 6.5, 9, 12, 30, 80]

ACTIVATIONS = {
    "linear": lambda x: x * 1,
    "relu": F.relu,
    "relu6": F.relu6,
    "leaky_relu": F.leaky_relu,
    "leaky_relu(0.2)": lambda x: F.leaky_relu(x, 0.2),
    "elu": F.elu,
    "elu(0.5)": lambda x: F.elu(x, 0.5),
    "selu": F.selu,
    "sigmoid": torch.sigmoid,
    "hard_sigmoid": F.hardsigmoid,
    "tanh": torch.tanh,
    "softsign": F.softsign,
    "softplus": lambda x: F.softplus(x, threshold=1000),
    "silu": F.silu,
    "mish": F.mish,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "exponential": torch.exp,
}

lines = []
for name, function in ACTIVATIONS.items():
    x = torch.tensor(POINTS, dtype=torch.float32).double().requires_grad_()
    y = function(x)
    (dx,) = torch.autograd.grad(y.sum(), x)
    for row in zip(x.tolist(), y.tolist(), dx.tolist()):
        lines.append(" ".join([name] + [repr(value) for value in row]))
x = torch.tensor([[1, 2, 3, -4], [0, 0, 0, 0], [100, -100, 0.5, 99]], dtype=torch.float64, requires_grad=True)
y = F.log_softmax(x, dim=1)
weights = torch.tensor([[1, -2, 0.5, 3], [1, 1, -1, 2], [0.25, -1, 2, 1]], dtype=torch.float64)
(dx,) = torch.autograd.grad((y * weights).sum(), x)
for row in zip(x.flatten().tolist(), y.flatten().tolist(), dx.flatten().tolist()):
    lines.append(" ".join(["log_softmax"] + [repr(value) for value in row]))
root = pathlib.Path(__file__).parents[2]
(root / "tests/src/test/resources/golden/activations.txt").write_text("\n".join(lines) + "\n")
