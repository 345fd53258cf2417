"""Records losses and gradients of PyTorch, and of pytorch-metric-learning, for packages/losses: python losses.py ../recorded/torch-losses.json

A case names a loss function of this library and its options; inputs go by option names. Every value is computed in float64 from float32 inputs. Needs
torch 2 and pytorch-metric-learning. "origin" says what computed it: "torch", "pytorch-metric-learning", or "formula": neither has the loss, so it is written out here
from its paper and differentiated by PyTorch.
"""
import json
import sys

import torch
import torch.nn.functional as F
from pytorch_metric_learning import losses, reducers

torch.manual_seed(7)
cases = []


def uniform(*shape, low=-2.0, high=2.0):
    return (low + (high - low) * torch.rand(*shape)).float().double()


def encode(tensor):
    return {"shape": list(tensor.shape) or [1], "data": tensor.detach().reshape(-1).tolist()}


def record(loss, what, options, inputs, compute, wanted=("data",), reduction="mean", origin="torch"):
    """compute takes the inputs as float64 tensors; gradients are those of the sum of what it gives."""
    tensors = {name: tensor.clone().requires_grad_(name in wanted) for name, tensor in inputs.items()}
    value = compute(**tensors)
    value.sum().backward()
    cases.append({
        "name": f"{loss}: {what}", "kind": "torch_loss", "origin": origin, "loss": loss, "options": {**options, **({"reduction": reduction} if reduction else {})},
        "inputs": {name: encode(tensor) for name, tensor in inputs.items()}, "output": encode(value), "grads": {name: encode(tensors[name].grad) for name in wanted},
    })


pair = {"data": uniform(5, 4), "label": uniform(5, 4)}
for reduction in ("mean", "sum", "none"):
    record("l1Loss", reduction, {}, pair, lambda data, label, r=reduction: F.l1_loss(data, label, reduction=r), ("data", "label"), reduction)
    record("huberLoss", reduction, {"delta": 0.75}, pair, lambda data, label, r=reduction: F.huber_loss(data, label, reduction=r, delta=0.75), ("data", "label"), reduction)
    record("smoothL1Loss", reduction, {"beta": 0.5}, pair, lambda data, label, r=reduction: F.smooth_l1_loss(data, label, reduction=r, beta=0.5), ("data", "label"), reduction)
record("l2Loss", "half of mse_loss", {"lossWeight": 2}, pair, lambda data, label: F.mse_loss(data, label), ("data", "label"))

indices = torch.tensor([3, 0, 4, 3, 1, 2]).double()
scores = uniform(6, 5)
class_weight = torch.tensor([1, 0.5, 2, 3, 0.25]).double()
for reduction in ("mean", "sum", "none"):
    for smoothing in (0, 0.25):
        record("softmaxCrossEntropyLoss", f"class weights, smoothing {smoothing}, {reduction}", {"smoothing": smoothing}, {"data": scores, "label": indices, "classWeight": class_weight},
               lambda data, label, classWeight, r=reduction, s=smoothing: F.cross_entropy(data, label.long(), weight=classWeight, reduction=r, label_smoothing=s), reduction=reduction)
    record("softmaxCrossEntropyLoss", f"an ignored class, {reduction}", {"useIgnore": True, "ignoreLabel": 3}, {"data": scores, "label": indices},
           lambda data, label, r=reduction: F.cross_entropy(data, label.long(), reduction=r, ignore_index=3), reduction=reduction)
    record("softmaxCrossEntropyLoss", f"an ignored class with weights, {reduction}", {"useIgnore": True, "ignoreLabel": 3}, {"data": scores, "label": indices, "classWeight": class_weight},
           lambda data, label, classWeight, r=reduction: F.cross_entropy(data, label.long(), weight=classWeight, reduction=r, ignore_index=3), reduction=reduction)
record("softmaxCrossEntropyLoss", "probabilities", {"sparseLabel": False, "smoothing": 0.125}, {"data": scores, "label": torch.softmax(uniform(6, 5), 1).float().double(), "classWeight": class_weight},
       lambda data, label, classWeight: F.cross_entropy(data, label, weight=classWeight, label_smoothing=0.125))
record("softmaxCrossEntropyLoss", "positions", {"axis": 1}, {"data": uniform(2, 3, 4), "label": torch.tensor([[0, 1, 2, 0], [2, 2, 1, 0]]).double()},
       lambda data, label: F.cross_entropy(data, label.long()))
record("softmaxCrossEntropyLoss", "log probabilities", {"fromLogits": True}, {"data": torch.log_softmax(scores, 1).float().double(), "label": indices}, lambda data, label: F.nll_loss(data, label.long()))
record("softmaxCrossEntropyLoss", "scores of 10000", {}, {"data": torch.tensor([[1e4, -1e4, 0], [0, 1e4, 1e4]]).double(), "label": torch.tensor([1, 2]).double()}, lambda data, label: F.cross_entropy(data, label.long()))

bits = (uniform(5, 4) > 0).double()
record("sigmoidCrossEntropyLoss", "logits", {}, {"data": uniform(5, 4), "label": bits}, lambda data, label: F.binary_cross_entropy_with_logits(data, label))
record("sigmoidCrossEntropyLoss", "positive weights", {}, {"data": uniform(5, 4), "label": bits, "posWeight": torch.tensor([2, 0.5, 1.5, 1]).double()},
       lambda data, label, posWeight: F.binary_cross_entropy_with_logits(data, label, pos_weight=posWeight))
record("sigmoidCrossEntropyLoss", "probabilities", {"fromSigmoid": True}, {"data": uniform(5, 4, low=0.1, high=0.9), "label": bits}, lambda data, label: F.binary_cross_entropy(data, label))
record("sigmoidCrossEntropyLoss", "logits of 10000", {}, {"data": torch.tensor([[1e4, -1e4, 0]]).double(), "label": torch.tensor([[0, 1, 1]]).double()}, lambda data, label: F.binary_cross_entropy_with_logits(data, label))


def sigmoid_focal(data, label, alpha, gamma):
    entropy = F.binary_cross_entropy_with_logits(data, label, reduction="none")
    right = torch.where(label == 1, torch.sigmoid(data), 1 - torch.sigmoid(data))
    return (torch.where(label == 1, alpha, 1 - alpha) * (1 - right) ** gamma * entropy).mean()


record("focalLoss", "plain", {"alpha": 0.25, "gamma": 2}, {"data": uniform(5, 4), "label": bits}, lambda data, label: sigmoid_focal(data, label, 0.25, 2), origin="formula")
distribution = torch.softmax(uniform(5, 4), 1).float().double()
record("klDivergenceLoss", "log probabilities, batchmean", {}, {"data": torch.log_softmax(uniform(5, 4), 1).float().double(), "label": distribution}, lambda data, label: F.kl_div(data, label, reduction="batchmean"))
record("klDivergenceLoss", "logits", {"fromLogits": False}, {"data": uniform(5, 4), "label": distribution}, lambda data, label: F.kl_div(torch.log_softmax(data, 1), label, reduction="batchmean"))
counts = torch.tensor([[0, 1, 2, 3], [4, 0, 1, 2], [5, 1, 0, 7]]).double()
for full in (False, True):
    record("poissonLoss", f"logarithms of rates, full {full}", {"computeFull": full}, {"data": uniform(3, 4), "label": counts}, lambda data, label, f=full: F.poisson_nll_loss(data, label, full=f))
    record("gaussianLoss", f"full {full}", {"full": full}, {"data": uniform(5, 4), "label": uniform(5, 4), "variance": uniform(5, 4, low=0.2, high=2)},
           lambda data, label, variance, f=full: F.gaussian_nll_loss(data, label, variance, full=f), ("data", "label", "variance"))
record("poissonLoss", "rates", {"fromLogits": False}, {"data": uniform(3, 4, low=0.5, high=3), "label": counts}, lambda data, label: F.poisson_nll_loss(data, label, log_input=False))
signs = bits * 2 - 1
record("logisticLoss", "soft_margin_loss", {}, {"data": uniform(5, 4), "label": signs}, lambda data, label: F.soft_margin_loss(data, label))
for power in (1, 2):
    record("multiMarginLoss", f"power {power}, class weights", {"power": str(power), "margin": 0.75}, {"data": scores, "label": indices, "classWeight": class_weight},
           lambda data, label, classWeight, p=power: F.multi_margin_loss(data, label.long(), p=p, margin=0.75, weight=classWeight))
views = {"data1": uniform(5, 4), "data2": uniform(5, 4)}
kinds = torch.tensor([1, -1, -1, 1, -1]).double()
record("cosineEmbeddingLoss", "margin 0.25", {"margin": 0.25}, {**views, "label": kinds}, lambda data1, data2, label: F.cosine_embedding_loss(data1, data2, label, margin=0.25), ("data1", "data2"))
record("marginRankingLoss", "margin 0.5", {"margin": 0.5}, {"data1": uniform(6), "data2": uniform(6), "label": torch.tensor([1, -1, 1, -1, 1, 1]).double()},
       lambda data1, data2, label: F.margin_ranking_loss(data1, data2, label, margin=0.5), ("data1", "data2"))
record("tripletLoss", "euclidean", {"distance": "euclidean", "margin": 1.5}, {"data": uniform(5, 4), "positive": uniform(5, 4), "negative": uniform(5, 4)},
       lambda data, positive, negative: F.triplet_margin_loss(data, positive, negative, margin=1.5), ("data", "positive", "negative"))

steps = uniform(6, 3, 4)
targets = torch.tensor([[1, 2, 1], [3, 3, 0], [2, 0, 0]]).double()
data_lengths, label_lengths = torch.tensor([6, 5, 4]).double(), torch.tensor([3, 2, 1]).double()
for reduction in ("none", "sum"):
    record("ctcLoss", f"given lengths, {reduction}", {}, {"data": steps, "label": targets, "dataLengths": data_lengths, "labelLengths": label_lengths},
           lambda data, label, dataLengths, labelLengths, r=reduction: F.ctc_loss(torch.log_softmax(data, 2), label.long(), dataLengths.long(), labelLengths.long(), reduction=r), reduction=reduction)
record("ctcLoss", "the last class is the blank", {"blankLabel": "last"}, {"data": steps, "label": torch.tensor([[1, 2, 1], [0, 0, -1], [2, -1, -1]]).double()},
       lambda data, label: F.ctc_loss(torch.log_softmax(data, 2), label.long().clamp(min=0), torch.tensor([6, 6, 6]), torch.tensor([3, 2, 1]), blank=3, reduction="none"), reduction="none")
record("ctcLoss", "a sequence too short for its label", {"zeroInfinity": True}, {"data": uniform(2, 2, 4), "label": torch.tensor([[1, 1], [1, 2]]).double()},
       lambda data, label: F.ctc_loss(torch.log_softmax(data, 2), label.long(), torch.tensor([2, 2]), torch.tensor([2, 2]), zero_infinity=True, reduction="none"), reduction="none")

library = "pytorch-metric-learning"
features, labels = uniform(8, 4), torch.tensor([0, 2, 2, 1, 0, 2, 3, 1])
table = uniform(5, 4)


def with_table(loss, name, transposed=False):
    """The loss with its table as an input."""
    def compute(data, label, **given):
        (tensor,) = given.values()
        loss.double()
        delattr(loss, name)
        setattr(loss, name, tensor.t() if transposed else tensor)
        return loss(data, label.long())
    return compute


def record_table(loss, what, options, module, name, argument, transposed=False):
    record(loss, what, options, {"data": features, "label": labels.double(), argument: table}, with_table(module, name, transposed), ("data", argument), origin=library)


mean = reducers.MeanReducer()
record_table("proxyNcaLoss", "scale 3", {"softmaxScale": 3}, losses.ProxyNCALoss(5, 4, softmax_scale=3, reducer=mean), "proxies", "proxy")
record_table("proxyAnchorLoss", "margin 0.125, alpha 8", {"margin": 0.125, "alpha": 8}, losses.ProxyAnchorLoss(5, 4, margin=0.125, alpha=8), "proxies", "proxy")
record_table("normFaceLoss", "scale 8", {"scale": 8}, losses.NormalizedSoftmaxLoss(5, 4, temperature=1 / 8), "W", "weight", True)
record_table("cosFaceLoss", "scale 8", {"scale": 8, "margin": 0.375}, losses.CosFaceLoss(5, 4, margin=0.375, scale=8), "W", "weight", True)
record_table("arcFaceLoss", "scale 8", {"scale": 8, "margin": 0.5}, losses.ArcFaceLoss(5, 4, margin=0.5 * 180 / torch.pi, scale=8), "W", "weight", True)
for m in (2, 3, 4):
    record_table("sphereFaceLoss", f"m {m}", {"margin": str(m)}, losses.SphereFaceLoss(5, 4, margin=m, scale=1), "W", "weight", True)
    record_table("largeMarginLoss", f"m {m}", {"margin": str(m)}, losses.LargeMarginSoftmaxLoss(5, 4, margin=m, scale=1), "W", "weight", True)
record("supervisedContrastiveLoss", "τ 0.25", {"temperature": 0.25}, {"data": features, "label": torch.tensor([0, 2, 2, 1, 0, 2, 0, 1]).double()},
       lambda data, label: losses.SupConLoss(temperature=0.25, reducer=mean)(data, label.long()), origin=library)
record("ntXentLoss", "τ 0.25", {"temperature": 0.25}, views, lambda data1, data2: losses.NTXentLoss(temperature=0.25, reducer=mean)(torch.cat([data1, data2]), torch.arange(5).repeat(2)), ("data1", "data2"), origin=library)

# Written out from the papers: no library of these two has them.
def written(loss, what, options, inputs, compute, wanted=("data",), reduction="mean"):
    record(loss, what, options, inputs, compute, wanted, reduction, "formula")


written("logCoshLoss", "mean", {}, pair, lambda data, label: torch.log(torch.cosh(data - label)).mean(), ("data", "label"))
written("hingeLoss", "margin 0.75", {"margin": 0.75}, {"data": uniform(5, 4), "label": signs}, lambda data, label: (0.75 - data * label).clamp(min=0).mean())
written("squaredHingeLoss", "margin 0.75", {"margin": 0.75}, {"data": uniform(5, 4), "label": signs}, lambda data, label: (0.75 - data * label).clamp(min=0).square().mean())
written("tripletLoss", "squared", {"margin": 1.5}, {"data": uniform(5, 4), "positive": uniform(5, 4), "negative": uniform(5, 4)},
        lambda data, positive, negative: ((data - positive).square().sum(1) - (data - negative).square().sum(1) + 1.5).clamp(min=0).mean(), ("data", "positive", "negative"))
alike = torch.tensor([1, 0, 0, 1, 0]).double()
written("contrastiveLoss", "margin 3", {"margin": 3}, {**views, "label": alike},
        lambda data1, data2, label: (label * (data1 - data2).square().sum(1) + (1 - label) * (3 - (data1 - data2).norm(dim=1)).clamp(min=0).square()).mean() / 2, ("data1", "data2"))


def sdml(data1, data2):
    target = torch.full((5, 5), 0.25 / 4).double().fill_diagonal_(0.75)
    return F.kl_div(torch.log_softmax(-torch.cdist(data1, data2).square(), 1), target, reduction="batchmean")


written("sdmlLoss", "smoothing 0.25", {"smoothingParameter": 0.25}, views, sdml, ("data1", "data2"))
likely = {"data": uniform(5, 4, low=0.05, high=0.95), "label": bits}
written("diceLoss", "smooth 0.5", {"smooth": 0.5}, likely, lambda data, label: (1 - (2 * (data * label).sum(1) + 0.5) / (data.sum(1) + label.sum(1) + 0.5)).mean(), ("data", "label"))
written("tverskyLoss", "α 0.25, β 0.75", {"alpha": 0.25, "beta": 0.75}, likely,
        lambda data, label: (1 - ((data * label).sum(1) + 1) / ((data * label).sum(1) + 0.25 * (data * (1 - label)).sum(1) + 0.75 * ((1 - data) * label).sum(1) + 1)).mean(), ("data", "label"))
written("ringLoss", "mean", {}, {"data": features, "radius": torch.tensor([1.5]).double()}, lambda data, radius: (data.norm(dim=1) - radius).square().mean() / 2, ("data", "radius"))
for given, options in ((1, {}), (0, {"includeOwn": False})):
    def proxy_nca(data, label, proxy, own=given):
        scores = -torch.cdist(F.normalize(data), F.normalize(proxy)).square()
        mine = scores.gather(1, label.long()[:, None])[:, 0]
        return (torch.logsumexp(scores if own else scores.scatter(1, label.long()[:, None], -torch.inf), 1) - mine).mean()
    written("proxyNcaLoss", f"own proxy in the sum: {bool(given)}", options, {"data": features, "label": labels.double(), "proxy": table}, proxy_nca, ("data", "proxy"))


# Around class centers: what is minimised is the sum over the batch; "center" gets the derivative of that.
def own(data, label, center):
    return (data - center[label.long()]).square().sum(1) / 2


def others(data, label, center, instead):
    return torch.cdist(data, center).square().scatter(1, label.long()[:, None], instead)


def island(data, label, center):
    unit = F.normalize(center)
    cosines = (unit @ unit.T + 1).fill_diagonal_(0)
    return own(data, label, center).sum() + 2 * cosines.sum() / (2 * 4)


around = {"data": features, "label": labels.double(), "center": uniform(5, 4)}
center_losses = {
    "centerLoss": ({}, lambda data, label, center: own(data, label, center).sum()),
    "contrastiveCenterLoss": ({"delta": 0.5}, lambda data, label, center: (own(data, label, center) / (others(data, label, center, 0.0).sum(1) + 0.5)).sum()),
    "islandLoss": ({"island": 2}, island),
    "gitLoss": ({"git": 0.25}, lambda data, label, center: (own(data, label, center) + 0.25 * (1 / (1 + others(data, label, center, torch.inf))).sum(1)).sum()),
    "tripletCenterLoss": ({"margin": 1}, lambda data, label, center: (own(data, label, center) + 1 - others(data, label, center, torch.inf).min(1).values / 2).clamp(min=0).sum()),
}
for name, (options, compute) in center_losses.items():
    written(name, "sum over the batch", {"numClass": 5, **options}, around, compute, ("data", "center"), None)

with open(sys.argv[1], "w") as out:
    out.write('{"section":"torch-losses","torch":"%s","cases":[\n' % torch.__version__.split("+")[0])
    out.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
    out.write("\n]}\n")
