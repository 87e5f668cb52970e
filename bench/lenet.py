#!/usr/bin/env python3
"""Trains the preset `lenet` with PyTorch as `tools/gradus train` does, to set times and accuracy side by side.

bench/lenet.py DIR [--epochs 5] [--batch 64] [--lr 0.002] [--threads 2] [--seed 1]

DIR holds the four IDX files of mnist or fashion-mnist, gzipped or not. Needs PyTorch (Debian: python3-torch) and numpy.
"""
import argparse
import gzip
import pathlib
import time

import numpy
import torch
from torch import nn


def idx(folder, part, kind, rank):
    for name in (f"{part}-{kind}-idx{rank}-ubyte", f"{part}-{kind}-idx{rank}-ubyte.gz"):
        path = pathlib.Path(folder, name)
        if path.exists():
            raw = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
            values = numpy.frombuffer(raw, numpy.uint8, offset=4 + 4 * rank)
            return values.reshape(numpy.frombuffer(raw, ">u4", rank, 4))
    raise SystemExit(f"{folder} has no {part} {kind}: expected {name}")


def tensors(folder, part):
    images = idx(folder, part, "images", 3).astype(numpy.float32) / 255
    labels = idx(folder, part, "labels", 1).astype(numpy.int64)
    return torch.from_numpy(images).unsqueeze(1), torch.from_numpy(labels)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 128), nn.ReLU(), nn.Linear(128, 10))


def accuracy(model, x, y):
    model.eval()
    with torch.inference_mode():
        hits = sum(int((model(a).argmax(1) == b).sum()) for a, b in zip(x.split(1000), y.split(1000)))
    model.train()
    return hits / len(y)


def main():
    parser = argparse.ArgumentParser(description="Trains the preset lenet with PyTorch.")
    parser.add_argument("folder")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=0.002)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    x, y = tensors(options.folder, "train")
    test = tensors(options.folder, "t10k")
    model = lenet()
    optimizer = torch.optim.Adam(model.parameters(), options.lr)
    loss = nn.CrossEntropyLoss()
    seconds = 0.0
    for epoch in range(1, options.epochs + 1):
        order = torch.randperm(len(y))
        start = time.perf_counter()
        for rows in order.split(options.batch):
            optimizer.zero_grad(set_to_none=True)
            loss(model(x[rows]), y[rows]).backward()
            optimizer.step()
        seconds += time.perf_counter() - start
        print(f"epoch {epoch}: {seconds:.1f} s so far, test accuracy {accuracy(model, *test):.4f}", flush=True)


main()
