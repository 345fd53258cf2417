"""The benchmark's training step in PyTorch, eager or compiled: step_torch.py BATCH THREADS [compile]. Runs as many steps as each line of input says."""
import sys

import torch
import torch.nn.functional as F
from torch import nn

from serving import serve

batch, threads = int(sys.argv[1]), int(sys.argv[2])
compiled = "compile" in sys.argv[3:]
torch.set_num_threads(threads)
torch.manual_seed(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.fc1 = nn.Linear(800, 500)
        self.embedding = nn.Linear(500, 2)
        self.fc2 = nn.Linear(2, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.max_pool2d(torch.tanh(self.conv2(x)), 2)
        embedding = self.embedding(torch.tanh(self.fc1(x.flatten(1))))
        return embedding, self.fc2(embedding)


net = Net()
centers = torch.zeros(10, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9, weight_decay=1e-4)
images = torch.rand(batch, 1, 28, 28)
labels = torch.arange(batch) % 10


def losses(x, y, centers):
    embedding, logits = net(x)
    difference = embedding - centers[y]
    return F.cross_entropy(logits, y) + 0.01 / batch / 2 * difference.square().sum(), difference


run_losses = torch.compile(losses) if compiled else losses


def step():
    optimizer.zero_grad()
    loss, difference = run_losses(images, labels, centers)
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        one_hot = F.one_hot(labels, 10).float()
        centers.add_(0.5 * (one_hot.T @ difference.detach()) / (1 + one_hot.sum(0)[:, None]))
    return loss.item()


step()
serve(f"torch {torch.__version__}{' compiled' if compiled else ' eager'}", step)
