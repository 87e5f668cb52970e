"""Writes PyTorch's values of normalisation, for NormGoldenTest.

    python3 tools/golden/norm.py > tests/src/test/resources/golden/norm.txt

Each line: case, name, numbers. Computed in float64 from float32 numbers.
"""

import torch


class RmsNorm(torch.nn.Module):
    """x / sqrt(mean(x^2) + eps) * weight over the last dimension, as torch.nn.RMSNorm of 2.4."""

    def __init__(self, features):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(features))

    def forward(self, x):
        return x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * self.weight


CASES = {
    "batch": ((6, 5), lambda: torch.nn.BatchNorm1d(5)),
    "batch_sequence": ((3, 4, 7), lambda: torch.nn.BatchNorm1d(4)),
    "batch_image": ((3, 4, 3, 5), lambda: torch.nn.BatchNorm2d(4, eps=0.001, momentum=0.25)),
    "layer": ((4, 9), lambda: torch.nn.LayerNorm(9)),
    "layer_sequence": ((2, 3, 5), lambda: torch.nn.LayerNorm(5)),
    "layer_image": ((2, 3, 2, 4), lambda: torch.nn.LayerNorm((3, 2, 4), eps=0.01)),
    "rms": ((3, 2, 6), lambda: RmsNorm(6)),
    "group": ((4, 6), lambda: torch.nn.GroupNorm(3, 6)),
    "group_image": ((2, 6, 3, 3), lambda: torch.nn.GroupNorm(2, 6)),
    "instance": ((2, 3, 4, 5), lambda: torch.nn.GroupNorm(3, 3)),
}


def draw(*shape):
    return torch.randn(*shape).double()


def write(case, name, tensor):
    print(case, name, *("%.9g" % x for x in tensor.detach().flatten().tolist()))


def main():
    torch.manual_seed(3)
    for case, (shape, make) in CASES.items():
        module = make().double()
        for parameter in module.parameters():
            parameter.data = torch.randn(parameter.shape).double()
        buffers = isinstance(module, torch.nn.modules.batchnorm._BatchNorm)
        if buffers:
            module.running_mean = torch.randn(shape[1]).double()
            module.running_var = (torch.rand(shape[1]) + 0.5).double()
            write(case, "mean", module.running_mean)
            write(case, "variance", module.running_var)
        x = (draw(*shape) * 2 + 1).float().double().requires_grad_()
        target = draw(*shape)
        module.eval()
        write(case, "prediction", module(x))
        module.train()
        y = module(x)
        ((y - target) ** 2).mean().backward()
        write(case, "input", x)
        write(case, "target", target)
        write(case, "output", y)
        write(case, "dinput", x.grad)
        for name, parameter in module.named_parameters():
            write(case, name, parameter)
            write(case, "d" + name, parameter.grad)
        if buffers:
            write(case, "next_mean", module.running_mean)
            write(case, "next_variance", module.running_var)


main()
