"""Records small networks as PyTorch's and onnx's own exporters write them, with an input and PyTorch's (ONNX Runtime's) output.

    python packages/testing/recorders/onnx_models.py     (torch, onnx, numpy; onnxruntime for the models written by onnx)

writes packages/testing/recorded/onnx-models.json: {name: {file (base64), input, shape, output}}.
"""
import base64
import io
import json
import pathlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

torch.manual_seed(7)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU())
        self.second = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1, groups=2), nn.BatchNorm2d(8))
        self.last = nn.Linear(8, 5)

    def forward(self, x):
        y = self.first(x)
        y = torch.relu(self.second(y) + y)
        return torch.softmax(self.last(torch.flatten(nn.functional.adaptive_avg_pool2d(y, 1), 1)), 1)


class Choices(nn.Module):
    """Slices, concatenation, comparison and where."""

    def forward(self, x):
        left, right = x[:, :2], x[:, 2:4]
        joined = torch.cat([left * 2, right.transpose(2, 3), x[:, -1:]], 1)
        return torch.where(joined > 0.1, joined, joined * 0.5 - 1).mean(dim=(2, 3)).clamp(-1, 1)


class Normalised(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(6)
        self.first = nn.Linear(6, 12)
        self.second = nn.Linear(12, 6)

    def forward(self, x):
        y = self.second(nn.functional.leaky_relu(self.first(self.norm(x)), 0.2))
        return (x + y).reshape(4, 3, 2).permute(0, 2, 1).sum(2).sqrt().unsqueeze(1)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(2, 4, 3, stride=2, padding=1), nn.ELU(), nn.MaxPool2d(2), nn.ConvTranspose2d(4, 3, 4, stride=2, padding=1), nn.Sigmoid(),
            nn.AvgPool2d(2, stride=1), nn.Tanh())

    def forward(self, x):
        return self.layers(x)


def trained(model, shape):
    model.train()
    with torch.no_grad():
        for _ in range(3):
            model(torch.randn(*shape) + 0.3)
    return model.eval()


def from_torch(model, shape):
    x = torch.rand(*shape) * 2 - 0.7 if not isinstance(model, Normalised) else torch.rand(*shape) + 4
    model = trained(model, shape)
    buffer = io.BytesIO()
    torch.onnx.export(model, (x,), buffer, input_names=['x'], output_names=['y'], opset_version=17, dynamo=False)
    with torch.no_grad():
        y = model(x)
    return buffer.getvalue(), x.numpy(), y.numpy()


def from_onnx():
    """Initializers of several kinds, Constant nodes, attributes that are left out."""
    import onnxruntime

    rng = np.random.default_rng(3)
    x = rng.normal(size=(2, 4, 5)).astype(np.float32)
    initializers = [
        numpy_helper.from_array(rng.normal(size=(5, 3)).astype(np.float32), 'w'),
        numpy_helper.from_array(np.array([1], np.int64), 'axes'),
        helper.make_tensor('half', TensorProto.FLOAT, [], [0.5]),
    ]
    nodes = [
        helper.make_node('MatMul', ['x', 'w'], ['a']),
        helper.make_node('Constant', [], ['two'], value=helper.make_tensor('two', TensorProto.FLOAT, [1], [2.0])),
        helper.make_node('Mul', ['a', 'two'], ['b'], name='double'),
        helper.make_node('Softplus', ['b'], ['c']),
        helper.make_node('Split', ['c'], ['d', 'e'], axis=1, num_outputs=2),
        helper.make_node('Max', ['d', 'e'], ['f']),
        helper.make_node('Unsqueeze', ['f', 'axes'], ['g']),
        helper.make_node('Pow', ['g', 'half'], ['h']),
        helper.make_node('ReduceSum', ['h'], ['s'], keepdims=0),
        helper.make_node('Div', ['h', 's'], ['y']),
    ]
    graph = helper.make_graph(nodes, 'hand', [helper.make_tensor_value_info('x', TensorProto.FLOAT, x.shape)], [helper.make_tensor_value_info('y', TensorProto.FLOAT, [2, 1, 2, 3])], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 18)], ir_version=8)
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    return data, x, onnxruntime.InferenceSession(data).run(None, {'x': x})[0]


MODELS = {
    'torch: a residual network': lambda: from_torch(Residual(), (2, 3, 6, 6)),
    'torch: slices and choices': lambda: from_torch(Choices(), (2, 5, 4, 4)),
    'torch: layer normalisation and reshapes': lambda: from_torch(Normalised(), (4, 6)),
    'torch: a transposed convolution': lambda: from_torch(Decoder(), (1, 2, 16, 16)),
    'onnx: written node by node': from_onnx,
}

recorded = {}
for name, make in MODELS.items():
    data, x, y = make()
    recorded[name] = {
        'file': base64.b64encode(data).decode(), 'shape': list(x.shape), 'input': [float(f'{v:.9g}') for v in x.ravel()], 'output': [float(f'{v:.9g}') for v in y.ravel()],
    }
path = pathlib.Path(__file__).parent.parent / 'recorded' / 'onnx-models.json'
path.write_text(json.dumps(recorded, indent=1) + '\n')
print(f'{path.name}: {len(recorded)} models, {path.stat().st_size} bytes')
