"""Golden values of convolutions and pooling, from PyTorch in float64.

    python3 tools/golden/images.py > tests/src/test/resources/golden/images.txt

Each line is a case, a name and numbers, row-major. The loss is the mean squared error to a fixed
target; "d..." are its gradients.
"""
import torch
from torch import nn

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)


def numbers(shape):
    return (torch.randn(shape) * 0.5).float().double()


def put(case, name, tensor):
    print(case, name, " ".join("%.7g" % v for v in tensor.detach().flatten().tolist()))


def case(name, module, shape):
    for parameter in module.parameters():
        parameter.data = numbers(parameter.shape)
    x = numbers(shape).requires_grad_()
    out = module(x)
    target = numbers(out.shape)
    nn.functional.mse_loss(out, target).backward()
    put(name, "output", out)
    put(name, "target", target)
    put(name, "input", x)
    put(name, "dinput", x.grad)
    for key, parameter in module.named_parameters():
        put(name, key, parameter)
        put(name, "d" + key, parameter.grad)


case("conv2d", nn.Conv2d(3, 4, 3), (1, 3, 5, 6))
case("conv2d_stride_padding", nn.Conv2d(2, 3, 3, stride=2, padding=1), (1, 2, 6, 7))
case("conv2d_dilation", nn.Conv2d(2, 3, 3, padding=2, dilation=2), (2, 2, 5, 5))
case("conv2d_groups", nn.Conv2d(4, 6, 3, padding=1, groups=2), (1, 4, 4, 4))
case("conv2d_depthwise", nn.Conv2d(3, 3, 3, padding=1, groups=3), (2, 3, 4, 4))
case("conv2d_axes", nn.Conv2d(2, 3, (2, 3), stride=(2, 1), padding=(0, 2), dilation=(1, 2)),
     (2, 2, 5, 5))
case("conv2d_same", nn.Conv2d(2, 3, 2, padding="same"), (2, 2, 4, 5))
case("conv1d", nn.Conv1d(3, 4, 3, stride=2, padding=1), (2, 3, 8))
case("conv1d_groups", nn.Conv1d(4, 4, 3, dilation=2, groups=2), (2, 4, 9))
case("conv_transpose2d", nn.ConvTranspose2d(3, 2, 3), (2, 3, 3, 2))
case("conv_transpose2d_all",
     nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, dilation=2),
     (1, 4, 2, 3))
case("max_pool2d", nn.MaxPool2d(2), (2, 1, 5, 6))
case("max_pool2d_overlapping", nn.MaxPool2d(3, stride=2, padding=1), (1, 1, 5, 21))
case("max_pool2d_dilation", nn.MaxPool2d(2, stride=1, dilation=2), (1, 2, 5, 6))
case("max_pool1d", nn.MaxPool1d(3, stride=2), (2, 2, 9))
case("avg_pool2d", nn.AvgPool2d(3, stride=2, padding=1), (1, 2, 6, 7))
case("avg_pool2d_exclude", nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False),
     (1, 2, 6, 7))
case("avg_pool1d", nn.AvgPool1d(2), (2, 2, 9))
case("global_avg", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), (2, 3, 4, 5))
case("global_max", nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()), (2, 3, 4, 5))
