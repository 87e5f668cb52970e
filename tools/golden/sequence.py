"""Golden values of recurrent layers, embeddings and attention, from PyTorch in float64.

    python3 tools/golden/sequence.py > tests/src/test/resources/golden/sequence.txt

Each line is a case, a name and numbers, row-major. Weights are transposed to (in, out). The loss is
the mean squared error to a fixed target; "d..." are its gradients.
"""
import torch

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def numbers(shape):
    return (torch.randn(shape) * 0.5).float().double()


def put(case, name, tensor):
    values = tensor.detach().contiguous().flatten().tolist()
    print(case, name, " ".join("%.9g" % v for v in values))


def case(name, output, tensors):
    """tensors: name -> (leaf, transform to Gradus's layout)."""
    out = output()
    target = numbers(out.shape)
    torch.nn.functional.mse_loss(out, target).backward()
    put(name, "output", out)
    put(name, "target", target)
    for key, (leaf, transform) in tensors.items():
        put(name, key, transform(leaf))
        if leaf.grad is not None:
            put(name, "d" + key, transform(leaf.grad))


def same(x):
    return x


def transposed(x):
    return x.t()


def recurrent(name, module, last):
    for parameter in module.parameters():
        parameter.data = numbers(parameter.shape)
    if not name.startswith("gru"):
        module.bias_hh_l0.data.zero_()
    x = numbers((3, 4, 5)).requires_grad_()
    tensors = {
        "input": (x, same),
        "weight_ih": (module.weight_ih_l0, transposed),
        "weight_hh": (module.weight_hh_l0, transposed),
    }
    if name.startswith("gru"):
        tensors["bias_ih"] = (module.bias_ih_l0, same)
        tensors["bias_hh"] = (module.bias_hh_l0, same)
    else:
        tensors["bias"] = (module.bias_ih_l0, same)
    case(name, lambda: module(x)[0][:, -1] if last else module(x)[0], tensors)


recurrent("rnn", torch.nn.RNN(5, 6, batch_first=True), False)
recurrent("rnn_relu", torch.nn.RNN(5, 6, nonlinearity="relu", batch_first=True), False)
recurrent("lstm", torch.nn.LSTM(5, 6, batch_first=True), False)
recurrent("gru", torch.nn.GRU(5, 6, batch_first=True), False)
recurrent("lstm_last", torch.nn.LSTM(5, 6, batch_first=True), True)

embedding = torch.nn.Embedding(7, 4, padding_idx=2)
embedding.weight.data = numbers((7, 4))
embedding.weight.data[2] = 0
indices = torch.tensor([[0, 1, 2], [6, 1, 1]])
case("embedding", lambda: embedding(indices),
     {"input": (indices, same), "weight": (embedding.weight, same)})


def attention(name, causal):
    module = torch.nn.MultiheadAttention(6, 2, batch_first=True)
    for parameter in module.parameters():
        parameter.data = numbers(parameter.shape)
    x = numbers((2, 5, 6)).requires_grad_()
    mask = torch.triu(torch.ones(5, 5, dtype=torch.bool), 1) if causal else None
    case(name, lambda: module(x, x, x, attn_mask=mask, need_weights=True)[0], {
        "input": (x, same),
        "in_weight": (module.in_proj_weight, transposed),
        "in_bias": (module.in_proj_bias, same),
        "out_weight": (module.out_proj.weight, transposed),
        "out_bias": (module.out_proj.bias, same),
    })


attention("attention", False)
attention("attention_causal", True)
