"""Writes tests/src/test/resources/golden/schedules.txt: learning rates from PyTorch's lr_scheduler.

Each line: a schedule as Gradus writes it in text, for a run of 60 steps, then 70 rates for a rate of
1 (in the maximum, for one_cycle: 60), in float64. The line of "plateau" begins with the metrics it hears.
"""

import pathlib
import warnings

import torch
from torch.optim import lr_scheduler as s

warnings.filterwarnings("ignore")
STEPS = 60
SHOWN = 70


def rates(make, count=SHOWN):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    values = []
    for step in range(count):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < count - 1:
            scheduler.step()
    return values



CASES = {
    "constant": (lambda o: s.ConstantLR(o, 1), SHOWN),
    "constant(0.5)": (lambda o: s.ConstantLR(o, 0.5, 1000), SHOWN),
    "linear": (lambda o: s.LinearLR(o, 1, 0, STEPS), 58),
    "linear(0.25,40)": (lambda o: s.LinearLR(o, 1, 0.25, 40), SHOWN),
    "warmup(20)": (lambda o: s.LinearLR(o, 1 / 20, 1, 19), SHOWN),
    "step(15)": (lambda o: s.StepLR(o, 15), SHOWN),
    "step(7,0.6)": (lambda o: s.StepLR(o, 7, 0.6), SHOWN),
    "multistep(0.3,10,25,26)": (lambda o: s.MultiStepLR(o, [10, 25, 26], 0.3), SHOWN),
    "exponential(0.93)": (lambda o: s.ExponentialLR(o, 0.93), SHOWN),
    "polynomial(2,0,50)": (lambda o: s.PolynomialLR(o, 50, 2), 50),
    "polynomial(0.7)": (lambda o: s.PolynomialLR(o, STEPS, 0.7), 58),
    "cosine(0.01)": (lambda o: s.CosineAnnealingLR(o, STEPS, eta_min=0.01), STEPS + 1),
    "cosine_restarts(11)": (lambda o: s.CosineAnnealingWarmRestarts(o, 11), SHOWN),
    "cosine_restarts(6,3,0.02)": (lambda o: s.CosineAnnealingWarmRestarts(o, 6, 3, 0.02), SHOWN),
    "one_cycle": (lambda o: s.OneCycleLR(o, 1.0, total_steps=STEPS), STEPS),
    "one_cycle(0.45,10,100)": (
        lambda o: s.OneCycleLR(o, 1.0, total_steps=STEPS, pct_start=0.45, div_factor=10, final_div_factor=100),
        STEPS),
    "inverse_sqrt(16)": (
        lambda o: s.LambdaLR(o, lambda t: min((t + 1) / 16, (16 / (t + 1)) ** 0.5)), SHOWN),
    "warmup(10) exponential(0.9)": (
        lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, 1, 9), s.ExponentialLR(o, 0.9)], [10]), SHOWN),
    "warmup(10) step(8,0.5)": (
        lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, 1, 9), s.StepLR(o, 8, 0.5)], [10]), SHOWN),
}

lines = [name.replace(" ", "_then_") + " " + " ".join(repr(float(v)) for v in rates(make, count))
         for name, (make, count) in CASES.items()]

metrics = [1, 0.9, 0.95, 0.91, 0.90001, 0.89995, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.7, 0.7, 0.7,
           0.7, 0.7, 0.7, 0.7, 0.7, float("nan"), 0.7, 0.7, 0.6, 0.7, 0.7, 0.7, 0.7, 0.7]
optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
plateau = s.ReduceLROnPlateau(optimizer, factor=0.3, patience=3, cooldown=2, min_lr=0.01)
seen = []
for metric in metrics:
    plateau.step(metric)
    seen.append(optimizer.param_groups[0]["lr"])
lines.append("metrics " + " ".join(repr(float(v)).replace("nan", "NaN") for v in metrics))
lines.append("plateau " + " ".join(repr(float(v)) for v in seen))
root = pathlib.Path(__file__).parents[2]
(root / "tests/src/test/resources/golden/schedules.txt").write_text("\n".join(lines) + "\n")
