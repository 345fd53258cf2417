"""The Fast R-CNN example's training step in PyTorch: rcnn_torch.py THREADS. Runs as many steps as each line of input says."""
import sys

import torch
import torch.nn.functional as F
from torch import nn

from serving import serve

try:
    from torchvision.ops import roi_pool

    pooling = "torchvision's roi_pool"
except ImportError:
    pooling = "adaptive_max_pool2d a region"

    def roi_pool(features, rois, size, scale):
        """The same bins, region by region: adaptive pooling rounds outwards as well."""
        height, width = features.shape[2:]
        corners = (rois[:, 1:] * scale + 0.5).floor().long().tolist()
        images = rois[:, 0].long().tolist()
        parts = [
            F.adaptive_max_pool2d(features[i, :, y1 : min(y2 + 1, height), x1 : min(x2 + 1, width)], size) for i, (x1, y1, x2, y2) in zip(images, corners)
        ]
        return torch.stack(parts)


torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)
IMAGES, REGIONS, SIZE, CLASSES = 2, 128, 96, 11


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [(1, 16, 5, 2), (16, 32, 3, 2), (32, 48, 3, 1), (48, 16, 3, 1)]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, kernel, stride, kernel // 2) for a, b, kernel, stride in layers)
        self.fc6 = nn.Linear(16 * 49, 256)
        self.fc7 = nn.Linear(256, 256)
        self.cls_score = nn.Linear(256, CLASSES)
        self.bbox_pred = nn.Linear(256, 4 * CLASSES)

    def forward(self, x, rois):
        for conv in self.convs:
            x = F.relu(conv(x))
        x = roi_pool(x, rois, 7, 0.25).flatten(1)
        x = F.dropout(F.relu(self.fc6(x)), 0.5)
        x = F.dropout(F.relu(self.fc7(x)), 0.5)
        return self.cls_score(x), self.bbox_pred(x)


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9, weight_decay=5e-4)
images = torch.rand(IMAGES, 1, SIZE, SIZE)
index = torch.arange(REGIONS)
left, top = index * 37 % 56, index * 53 % 56
rois = torch.stack([index // (REGIONS // IMAGES), left, top, left + 11 + index * 7 % 28, top + 15 + index * 11 % 24], 1).float()
labels = torch.where(index % 4 == 0, index % (CLASSES - 1) + 1, 0)
targets = torch.randn(REGIONS, 4 * CLASSES)
weights = ((labels > 0)[:, None] & (torch.arange(4 * CLASSES) // 4 == labels[:, None])).float()


def step():
    optimizer.zero_grad()
    scores, deltas = net(images, rois)
    loss = F.cross_entropy(scores, labels) + (weights * F.smooth_l1_loss(deltas, targets, reduction="none")).sum() / REGIONS
    loss.backward()
    optimizer.step()
    return loss.item()


step()
serve(f"torch {torch.__version__} eager, {pooling}", step)
