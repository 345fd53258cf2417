"""Optimizers in PyTorch eager: optim_torch.py THREADS. For each line of input `FORM NAME:STEPS` (`fused adamw update:12`) runs as many steps; answers with the time of each.
Steps of a training take turns with the same without an update: their times are answered too, and those of the updates alone."""
import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)
ARRAYS, SIZE, BATCH = 10, 1_000_000, 128


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 20, 5), nn.Conv2d(20, 50, 5)
        self.fc1, self.fc2 = nn.Linear(800, 500), nn.Linear(500, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.max_pool2d(torch.tanh(self.conv2(x)), 2)
        return self.fc2(torch.tanh(self.fc1(x.flatten(1))))


def optimizer(name, form, parameters, **options):
    options = {"lr": 1e-3, **options, **({} if form == "default" else {form: True})}
    return torch.optim.SGD(parameters, momentum=0.9, **options) if name == "sgd" else torch.optim.AdamW(parameters, **options)


def update(name, form):
    parameters = [nn.Parameter(torch.randn(SIZE)) for _ in range(ARRAYS)]
    for parameter in parameters:
        parameter.grad = torch.randn(SIZE)
    return optimizer(name, form, parameters, weight_decay=1e-4).step


def training(updates, spent):
    """A step of a network of its own; `updates` makes the optimizer of its parameters."""
    net = Net()
    images, labels = torch.rand(BATCH, 1, 28, 28), torch.arange(BATCH) % 10
    update = updates(net.parameters())

    def step():
        net.zero_grad()
        scores = net(images)
        F.cross_entropy(scores, labels).backward()
        begin = time.perf_counter()
        update()
        spent.append((time.perf_counter() - begin) * 1000)
        return scores.detach().softmax(1)

    return step


def workload(form, name):
    """What is timed, the same without an update where it is a training, and where the times of updates are noted."""
    optimizer_name, _, what = name.partition(" ")
    if what == "update":
        return update(optimizer_name, form), None, None
    spent = []
    whole = training(lambda parameters: optimizer(optimizer_name, form, parameters).step, spent)
    return whole, training(lambda _: lambda: None, []), spent


def timed(run):
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


print(json.dumps({"ready": f"torch {torch.__version__}"}), flush=True)
kept = {}
for line in sys.stdin:
    key, _, steps = line.strip().rpartition(":")
    if key not in kept:
        kept[key] = workload(*key.split(" ", 1))
    whole, without, spent = kept[key]
    times, others = [], []
    for step in range(int(steps)):
        if without and step % 2:
            others.append(timed(without))
        times.append(timed(whole))
        if without and not step % 2:
            others.append(timed(without))
    print(json.dumps({"times": times, "loss": 0, "updates": spent and spent[-int(steps):], "without": others or None}), flush=True)
