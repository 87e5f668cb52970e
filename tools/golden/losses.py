"""Writes tests/src/test/resources/golden/losses.txt: values and gradients from PyTorch.

Each line: the loss as Gradus names it, the columns of a row, then predictions, targets, the loss and the gradient by
the predictions, numbers separated by commas; computed in float64 from float32 points.
"""

import pathlib

import torch
import torch.nn.functional as F

LOGITS = [[-100, -20, -3, -0.5, 0, 0.25], [1, 2.5, 7, 30, 100, -1]]
SCORES = [[-100, -3, -1, -0.5, 0, 0.25], [1, 1.5, 7, 100, 0.5, -0.1]]
LOG_RATES = [[-100, -20, -3, -0.5, 0, 0.25], [1, 2.5, 7, 20, -0.1, -1]]
RATES = [[1e-3, 0.5, 1, 2, 20, 100], [3, 0.1, 1, 1, 7, 4]]
PROBABILITIES = [[0, 1e-6, 0.25, 0.5, 0.75, 1], [0.1, 0.9, 0.999, 0.3, 0, 1]]
ZERO_ONE = [[0, 1, 0, 1, 0.5, 1], [0, 1, 1, 1, 0, 0.25]]
SIGNS = [[1, -1, 1, -1, 1, -1], [-1, 1, 1, -1, -1, 1]]
NUMBERS = [[-99, -3, 1, -1, 0.5, 0.25], [3, 2.5, 6.5, 28, 100, 0]]
COUNTS = [[0, 1, 2, 3, 0, 5], [1, 0, 7, 20, 4, 2]]
SHARES = [[0.5, 0.25, 0, 0.125, 0.125, 0], [0, 0, 1, 0, 0, 0]]
FAKES = [[9, 9, 9, 9, 9, 9], [9, 9, 9, 9, 9, 9]]

lines = []


def write(name, prediction, target, loss):
    x = torch.tensor(prediction, dtype=torch.float32).double().requires_grad_()
    t = torch.tensor(target)
    t = t if t.dtype == torch.int64 else t.float().double()
    value = loss(x, t)
    (gradient,) = torch.autograd.grad(value, x)
    columns = [x.detach(), t, value.detach(), gradient]
    numbers = [",".join(repr(number) for number in column.flatten().tolist()) for column in columns]
    lines.append(" ".join([name, str(x.shape[-1])] + numbers))


write("mse", LOGITS, NUMBERS, F.mse_loss)
write("mae", LOGITS, NUMBERS, F.l1_loss)
write("huber", LOGITS, NUMBERS, F.huber_loss)
write("huber(0.5)", LOGITS, NUMBERS, lambda x, t: F.huber_loss(x, t, delta=0.5))
write("smooth-l1", LOGITS, NUMBERS, F.smooth_l1_loss)
write("smooth-l1(0.5)", LOGITS, NUMBERS, lambda x, t: F.smooth_l1_loss(x, t, beta=0.5))
write("binary-cross-entropy", LOGITS, ZERO_ONE, F.binary_cross_entropy_with_logits)
write("binary-cross-entropy(3)", LOGITS, ZERO_ONE,
      lambda x, t: F.binary_cross_entropy_with_logits(x, t, pos_weight=torch.tensor(3.0)))
write("binary-cross-entropy-probabilities", PROBABILITIES, ZERO_ONE, F.binary_cross_entropy)
write("soft-cross-entropy", LOGITS, SHARES, F.cross_entropy)
write("kl-divergence", [[-100, -20, -3, -0.5, -1, -2]] * 2, SHARES,
      lambda x, t: F.kl_div(x, t, reduction="batchmean"))
write("categorical-cross-entropy", [[0.1, 0.2, 0.3, 0.2, 0.1, 0.1]] * 2, SHARES,  # no function of PyTorch's own
      lambda x, t: -(t * x.log()).sum(1).mean())
write("cross-entropy", LOGITS, [1, 4], F.cross_entropy)
write("hinge", SCORES, SIGNS, lambda x, t: F.relu(1 - t * x).mean())
write("poisson", LOG_RATES, COUNTS, F.poisson_nll_loss)
write("poisson-rate", RATES, COUNTS, lambda x, t: F.poisson_nll_loss(x, t, log_input=False))
write("gan-discriminator", LOGITS, ZERO_ONE, F.binary_cross_entropy_with_logits)
write("gan-generator", LOGITS, FAKES, lambda x, t: F.softplus(-x, threshold=1000).mean())
write("gan-minimax-generator", LOGITS, FAKES, lambda x, t: F.logsigmoid(-x).mean())
write("lsgan-discriminator", SCORES, ZERO_ONE, lambda x, t: 0.5 * F.mse_loss(x, t))
write("lsgan-generator", SCORES, FAKES, lambda x, t: 0.5 * F.mse_loss(x, torch.ones_like(x)))
write("wgan-critic", SCORES, ZERO_ONE, lambda x, t: ((1 - t) * x - t * x).mean())
write("wgan-generator", SCORES, FAKES, lambda x, t: -x.mean())
LABELS = [1, 4]
LOG_SHARES = [[-100, -20, -3, -0.5, -1, -2], [-1.5, -2.5, -0.5, -2, -7, -1]]
WEIGHTS = torch.tensor([0.5, 2, 1, 3, 0.25, 1], dtype=torch.float64)
write("cross-entropy(0.1)", LOGITS, LABELS, lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1))
write("cross-entropy:weights", LOGITS, LABELS, lambda x, t: F.cross_entropy(x, t, weight=WEIGHTS))
write("cross-entropy:weights,smoothing", LOGITS, LABELS,
      lambda x, t: F.cross_entropy(x, t, weight=WEIGHTS, label_smoothing=0.2))
write("cross-entropy:ignore", LOGITS + [[5, 4, 3, 2, 1, 0]], [1, -1, 4],
      lambda x, t: F.cross_entropy(x, t, ignore_index=-1))
write("cross-entropy:weights,smoothing,ignore", LOGITS + [[5, 4, 3, 2, 1, 0]], [1, -1, 4],
      lambda x, t: F.cross_entropy(x, t, weight=WEIGHTS, label_smoothing=0.2, ignore_index=-1))
write("nll", LOG_SHARES, LABELS, F.nll_loss)
write("nll:weights", LOG_SHARES, LABELS, lambda x, t: F.nll_loss(x, t, weight=WEIGHTS))
write("nll:ignore", LOG_SHARES, [-1, 2], lambda x, t: F.nll_loss(x, t, ignore_index=-1))
write("multi-class-hinge", SCORES, LABELS, F.multi_margin_loss)
write("multi-class-hinge(0.3)", SCORES, LABELS, lambda x, t: F.multi_margin_loss(x, t, margin=0.3))
write("dice", PROBABILITIES, ZERO_ONE,  # no function of PyTorch's own
      lambda x, t: (1 - (2 * (x * t).sum(1) + 1) / (x.sum(1) + t.sum(1) + 1)).mean())
write("cosine", SCORES, NUMBERS, lambda x, t: (1 - F.cosine_similarity(x, t)).mean())
for margin in ["", "(0.25)"]:
    write("cosine-embedding" + margin, SCORES + [[1, 2, 3, -2, 3, 4], [1, 2, 3, 2, 2, 3]], [1, -1, -1, -1],
          lambda x, t: F.cosine_embedding_loss(x[:, :3], x[:, 3:], t, margin=float(margin.strip("()") or 0)))
write("triplet-margin", SCORES + [[1, 2, 1, 2, 1.5, 2], [1, 2, 5, 5, 1, 2]], [0, 0, 0, 0],
      lambda x, t: F.triplet_margin_loss(x[:, :2], x[:, 2:4], x[:, 4:]))
write("triplet-margin(0.5)", SCORES, [0, 0],
      lambda x, t: F.triplet_margin_loss(x[:, :2], x[:, 2:4], x[:, 4:], margin=0.5))
root = pathlib.Path(__file__).parents[2]
(root / "tests/src/test/resources/golden/losses.txt").write_text("\n".join(lines) + "\n")
