"""An iteration of neural style in PyTorch eager: style_torch.py FOLDER THREADS. The folder holds MXNet's symbol JSON, arrays and settings. Runs as many iterations as each line of input says."""
import ast
import json
import resource
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from serving import serve

folder, threads = Path(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
settings = json.loads((folder / "settings.json").read_text())
numbers, offset, arrays = np.fromfile(folder / "arrays.bin", dtype=np.float32), 0, {}
for name, shape in json.loads((folder / "arrays.json").read_text()):
    count = int(np.prod(shape))
    arrays[name] = torch.from_numpy(numbers[offset:offset + count].reshape(shape).copy())
    offset += count
graph = json.loads((folder / "network.json").read_text())


def attribute(attributes, name, default):
    return ast.literal_eval(attributes[name]) if name in attributes else default


def convolution(a, x, weight, bias=None):
    return F.conv2d(x, weight, bias, attribute(a, "stride", 1), attribute(a, "pad", 0), attribute(a, "dilate", 1), attribute(a, "num_group", 1))


def pooling(a, x):
    assert a["pool_type"] == "avg"
    return F.avg_pool2d(x, attribute(a, "kernel", None), attribute(a, "stride", 1), attribute(a, "pad", 0), count_include_pad=False)


def padded(a, x):
    *_, top, bottom, left, right = attribute(a, "pad_width", None)
    return F.pad(x, (left, right, top, bottom), mode=a["mode"])


operators = {
    "Convolution": convolution, "Pooling": pooling, "Pad": padded, "BlockGrad": lambda a, x: x.detach(),
    "elemwise_add": lambda a, x, y: x + y, "elemwise_sub": lambda a, x, y: x - y,
    "Activation": lambda a, x: torch.relu(x), "Concat": lambda a, *xs: torch.cat(xs, 1),
    "broadcast_add": lambda a, x, y: x + y, "broadcast_div": lambda a, x, y: x / y,
    "Reshape": lambda a, x: x.reshape(attribute(a, "shape", None)), "FullyConnected": lambda a, x, weight: x @ weight.T,
}


def network(image):
    values = []
    for node in graph["nodes"]:
        inputs = [values[i] for i, *_ in node["inputs"]]
        if node["op"] == "null":
            values.append(image if node["name"] == "data" else arrays[node["name"]])
        else:
            values.append(operators[node["op"]](node.get("attrs", {}), *inputs))
    return [values[i] for i, *_ in graph["heads"]]


image = arrays["image"].requires_grad_()
targets = [arrays[f"target_{i}"] for i in range(len(settings["weights"]))]
laplacian = torch.tensor([[0, -1, 0], [-1, 4, -1], [0, -1, 0]], dtype=torch.float32).reshape(1, 1, 3, 3) / 8
momentum = torch.zeros_like(image)
MU, DECAY = 0.95, 1e-4


def iterate():
    losses = [weight * (target - found).square().sum() for weight, target, found in zip(settings["weights"], targets, network(image))]
    total = sum(losses)
    (gradient,) = torch.autograd.grad(total, image)
    with torch.no_grad():
        limit = image.numel()
        gradient = gradient * (limit / gradient.norm().clamp(min=limit))
        gradient += F.conv2d(image.transpose(0, 1), laplacian, padding=1).transpose(0, 1) * settings["tvWeight"]
        # Nesterov's momentum with weight decay, as MXNet writes it.
        gradient += DECAY * image
        momentum.mul_(MU).add_(gradient)
        image.sub_(settings["learningRate"] * (gradient + MU * momentum))
    return total.item()


serve(f"torch {torch.__version__} eager", iterate, lambda: {"peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
