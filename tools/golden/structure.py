"""Golden values of dense layers and of those that join, cut and move, from PyTorch in float64.

    python3 tools/golden/structure.py > tests/src/test/resources/golden/structure.txt

Each line is a case, a name and numbers, row-major. Parameters have Gradus's names and layout. The
loss is the mean squared error to a fixed target; "d..." are its gradients.
"""
import torch
import torch.nn.functional as F

torch.manual_seed(41)
torch.set_default_dtype(torch.float64)


def numbers(shape):
    return (torch.randn(shape) * 0.5).float().double()


def put(case, name, tensor):
    print(case, name, " ".join("%.7g" % v for v in tensor.detach().flatten().tolist()))


def case(name, x, shapes, function):
    """function: of the input and the parameters, which shapes lists by name."""
    parameters = {key: numbers(shape).requires_grad_() for key, shape in shapes.items()}
    if x.is_floating_point():
        x.requires_grad_()
    out = function(x, *parameters.values())
    target = numbers(out.shape)
    F.mse_loss(out, target).backward()
    put(name, "output", out)
    put(name, "target", target)
    put(name, "input", x)
    if x.is_floating_point():
        put(name, "dinput", x.grad)
    for key, parameter in parameters.items():
        put(name, key, parameter)
        put(name, "d" + key, parameter.grad)


def dense(x, weight, bias):
    return F.linear(x, weight.t(), bias)


def pairs(v):
    """DeepFM's second order, pair by pair."""
    columns = range(v.shape[1])
    return sum((v[:, i] * v[:, j]).sum(1, keepdim=True) for i in columns for j in columns if i < j)


WEIGHT = {"weight": (4, 5), "bias": (5,)}
case("dense", numbers((3, 4)), WEIGHT, dense)
case("dense_sequence", numbers((2, 3, 4)), WEIGHT, dense)
case("dense_tanh", numbers((3, 4)), WEIGHT, lambda x, w, b: torch.tanh(dense(x, w, b)))
case("softmax", numbers((3, 4)), {}, lambda x: F.softmax(x, 1))
case("log_softmax", numbers((3, 4)), {}, lambda x: F.log_softmax(x, 1))
case("flatten", numbers((2, 3, 2)), {}, torch.nn.Flatten())
case("reshape", numbers((2, 6)), {}, lambda x: x.reshape(2, 3, 2))
case("transpose", numbers((2, 3, 4)), {}, lambda x: x.transpose(1, 2))
case("prelu", numbers((3, 4)), {"weight": (1,)}, F.prelu)
case("prelu_channel", numbers((2, 3, 2, 2)), {"weight": (3,)}, F.prelu)
case("residual", numbers((3, 4)),
     {"0.0.weight": (4, 5), "0.0.bias": (5,), "0.1.weight": (5, 4), "0.1.bias": (4,)},
     lambda x, w, b, v, c: dense(torch.tanh(dense(x, w, b)), v, c) + x)
case("sum", numbers((3, 4)),
     {"0.0.weight": (4, 2), "0.0.bias": (2,), "1.0.weight": (4, 2), "1.0.bias": (2,)},
     lambda x, w, b, v, c: dense(x, w, b) + dense(x, v, c))
case("concat_split", numbers((3, 4)),
     {"0.0.weight": (4, 2), "0.0.bias": (2,)},
     lambda x, w, b: torch.cat([dense(x, w, b), x.split([1, 3], 1)[1], x], 1))
case("concat_channels", numbers((2, 2, 3, 3)), {},
     lambda x: torch.cat([F.max_pool2d(x, 2, 1), F.avg_pool2d(x, 2, 1)], 1))
case("embedding_bag", torch.tensor([[0, 1, 5], [6, 1, 1]]), {"weight": (7, 3)},
     lambda x, w: F.embedding_bag(x, w, mode="sum"))
case("embedding_bag_mean", torch.tensor([[0, 1, 5], [6, 1, 1]]), {"weight": (7, 3)},
     lambda x, w: F.embedding_bag(x, w, mode="mean"))
case("embedding_bag_padding", torch.tensor([[0, 2, 2], [6, 1, 2]]), {"weight": (7, 3)},
     lambda x, w: F.embedding_bag(x, w, mode="sum", padding_idx=2))
case("factorization_machine", numbers((2, 4, 3)), {}, pairs)
case("column_sum", numbers((2, 4, 3)), {}, lambda x: x.sum(1))
case("positions", numbers((2, 3, 4)), {"weight": (12,)}, lambda x, w: x + w.reshape(3, 4))
case("residual_norm", numbers((2, 3, 4)),
     {"0.0.weight": (4,), "0.0.bias": (4,)},
     lambda x, g, b: x + F.layer_norm(x, (4,), g, b))
