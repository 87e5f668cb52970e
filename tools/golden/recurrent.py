"""Golden values of recurrent layers in all their forms, from PyTorch in float64.

    python3 tools/golden/recurrent.py > tests/src/test/resources/golden/recurrent.txt

Both directions, several layers, sequences of different lengths (PyTorch's packed sequences; padding
is zeros) and state handed from call to call, its gradient cut there. Each line is a case, a name and
numbers, row-major. Weights are transposed to (in, out). The loss is the mean squared error to a
fixed target; "d..." are its gradients.
"""
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(31)
torch.set_default_dtype(torch.float64)

IN, UNITS, STEPS = 2, 3, 3
LENGTHS = [3, 1, 2]
CELLS = {
    "rnn": torch.nn.RNN,
    "rnn_relu": lambda *sizes, **options: torch.nn.RNN(*sizes, nonlinearity="relu", **options),
    "lstm": torch.nn.LSTM,
    "gru": torch.nn.GRU,
}


def numbers(shape):
    return (torch.randn(shape) * 0.5).float().double()


def put(case, name, tensor):
    values = tensor.detach().contiguous().flatten().tolist()
    print(case, name, " ".join("%.7g" % v for v in values))


def module(cell, layers, both):
    made = CELLS[cell](IN, UNITS, num_layers=layers, bidirectional=both, batch_first=True)
    for name, parameter in made.named_parameters():
        parameter.data = numbers(parameter.shape)
        if name.startswith("bias_hh") and cell != "gru":
            parameter.data.zero_()  # Gradus holds the sum of both
    return made


def put_parameters(case, cell, made):
    for name, parameter in made.named_parameters():
        role, layer = name.replace("_reverse", "").rsplit("_l", 1)
        prefix = ("" if layer == "0" else layer + ".") + ("reverse." if "_reverse" in name else "")
        if role.startswith("bias") and cell != "gru":
            if role == "bias_hh":
                continue
            role = "bias"
        turned = (lambda x: x.t()) if role.startswith("weight") else (lambda x: x)
        put(case, prefix + role, turned(parameter))
        put(case, "d" + prefix + role, turned(parameter.grad))


def sequences(case, cell, layers=1, both=False, masked=False, last=False):
    made = module(cell, layers, both)
    x = numbers((len(LENGTHS), STEPS, IN))
    lengths = torch.tensor(LENGTHS if masked else [STEPS] * len(LENGTHS))
    for row, length in enumerate(lengths):
        x[row, length:] = 0
    x.requires_grad_()
    packed, state = made(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
    output = pad_packed_sequence(packed, batch_first=True, total_length=STEPS)[0]
    if last:  # of the topmost layer, each direction's own last step
        h = state[0] if cell == "lstm" else state
        output = torch.cat([h[-2], h[-1]], 1) if both else h[-1]
    target = numbers(output.shape)
    torch.nn.functional.mse_loss(output, target).backward()
    put(case, "output", output)
    put(case, "target", target)
    put(case, "input", x)
    put(case, "dinput", x.grad)
    put_parameters(case, cell, made)


def carried(case, cell):
    """Three calls, each from the state the one before left; gradients are the last call's own."""
    made = module(cell, 1, False)
    state = None
    for call in range(3):
        x = numbers((2, 2, IN)).requires_grad_()
        target = numbers((2, 2, UNITS))
        made.zero_grad()
        output, state = made(x, state)
        state = tuple(s.detach() for s in state) if cell == "lstm" else state.detach()
        torch.nn.functional.mse_loss(output, target).backward()
        of = f"{case}:{call}"
        put(of, "output", output)
        put(of, "target", target)
        put(of, "input", x)
        put(of, "dinput", x.grad)
        if call == 2:
            put_parameters(of, cell, made)


for cell in CELLS:
    sequences(cell + "_both", cell, both=True)
    sequences(cell + "_masked", cell, masked=True)
    sequences(cell + "_masked_both", cell, both=True, masked=True)
    sequences(cell + "_masked_both_last", cell, both=True, masked=True, last=True)
    sequences(cell + "_stacked", cell, layers=2)
    carried(cell + "_carried", cell)
sequences("lstm_stacked_masked_both", "lstm", layers=2, both=True, masked=True)
