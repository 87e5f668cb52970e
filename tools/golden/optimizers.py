#!/usr/bin/env python3
"""Writes optimizers.csv: 100-step traces of every optimizer PyTorch has, in float32.

Three weights are given the same gradients in every case, sin(0.7 * step + k) * 2^-(step mod 5), so
that these have the same bits everywhere. The steps are PyTorch's own (torch.optim); NAdam, whose 1.13 release differs from its
documentation in one product, is written down here from the latter, and Lion, which PyTorch lacks,
from its paper.

Usage: optimizers.py > tests/src/test/resources/golden/optimizers.csv
"""
import math
import torch

STEPS = 100
START = [0.5, -0.25, 1.5]


def gradient(step):
    return torch.tensor(
        [math.sin(0.7 * step + k) * 2.0 ** -(step % 5) for k in range(len(START))], dtype=torch.float32)


class DocumentedNAdam:
    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=0.004):
        self.p, self.lr, self.betas, self.eps = params[0], lr, betas, eps
        self.wd, self.md = weight_decay, momentum_decay
        self.m, self.v = torch.zeros_like(self.p), torch.zeros_like(self.p)
        self.t, self.product = 0, 1.0

    def mu(self, t):
        return self.betas[0] * (1 - 0.5 * 0.96 ** (t * self.md))

    def step(self):
        self.t += 1
        with torch.no_grad():
            g = self.p.grad.add(self.p, alpha=self.wd)
            mu, after = self.mu(self.t), self.mu(self.t + 1)
            self.product *= mu
            self.m.mul_(self.betas[0]).add_(g, alpha=1 - self.betas[0])
            self.v.mul_(self.betas[1]).addcmul_(g, g, value=1 - self.betas[1])
            denom = self.v.div(1 - self.betas[1] ** self.t).sqrt().add_(self.eps)
            self.p.addcdiv_(g, denom, value=-self.lr * (1 - mu) / (1 - self.product))
            self.p.addcdiv_(self.m, denom, value=-self.lr * after / (1 - self.product * after))


class Lion:
    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0):
        self.p, self.lr, self.betas, self.wd = params[0], lr, betas, weight_decay
        self.m = torch.zeros_like(self.p)

    def step(self):
        with torch.no_grad():
            g = self.p.grad
            c = self.m.mul(self.betas[0]).add(g, alpha=1 - self.betas[0])
            self.p.mul_(1 - self.lr * self.wd).add_(torch.sign(c), alpha=-self.lr)
            self.m.mul_(self.betas[1]).add_(g, alpha=1 - self.betas[1])


O = torch.optim
CASES = {
    'sgd': lambda p: O.SGD(p, lr=0.05),
    'sgd-decay': lambda p: O.SGD(p, lr=0.05, weight_decay=0.1),
    'momentum': lambda p: O.SGD(p, lr=0.05, momentum=0.9),
    'nesterov': lambda p: O.SGD(p, lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.1),
    'adagrad': lambda p: O.Adagrad(p, lr=0.1),
    'adagrad-decay': lambda p: O.Adagrad(p, lr=0.1, lr_decay=0.05, eps=1e-3, weight_decay=0.1),
    'rmsprop': lambda p: O.RMSprop(p, lr=0.01),
    'rmsprop-momentum': lambda p: O.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.8, weight_decay=0.1),
    'rmsprop-centred': lambda p: O.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-3, centered=True),
    'adadelta': lambda p: O.Adadelta(p, lr=1),
    'adadelta-decay': lambda p: O.Adadelta(p, lr=0.5, rho=0.8, eps=1e-3, weight_decay=0.1),
    'adam': lambda p: O.Adam(p, lr=0.01),
    'adam-decay': lambda p: O.Adam(p, lr=0.01, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1),
    'amsgrad': lambda p: O.Adam(p, lr=0.01, betas=(0.8, 0.9), weight_decay=0.1, amsgrad=True),
    'adamw': lambda p: O.AdamW(p, lr=0.01),
    'adamax': lambda p: O.Adamax(p, lr=0.01),
    'adamax-decay': lambda p: O.Adamax(p, lr=0.01, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1),
    'nadam': lambda p: DocumentedNAdam(p, lr=0.01),
    'nadam-decay': lambda p: DocumentedNAdam(
        p, lr=0.01, betas=(0.8, 0.9), weight_decay=0.1, momentum_decay=0.1),
    'radam': lambda p: O.RAdam(p, lr=0.01),
    'radam-decay': lambda p: O.RAdam(p, lr=0.01, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1),
    'lion': lambda p: Lion(p, lr=0.01, weight_decay=0.1),
}


def numbers(tensor):
    return ','.join(float(x).hex() for x in tensor)


def main():
    print('# case,step,weights after it; "gradient" is that of every case; made by tools/golden/optimizers.py')
    for step in range(1, STEPS + 1):
        print(f'gradient,{step},{numbers(gradient(step))}')
    for name, make in CASES.items():
        p = torch.nn.Parameter(torch.tensor(START))
        optimizer = make([p])
        for step in range(1, STEPS + 1):
            p.grad = gradient(step)
            optimizer.step()
            if step <= 10 or step % 10 == 0:
                print(f'{name},{step},{numbers(p.detach())}')


if __name__ == '__main__':
    main()
