"""Forward and backward of losses in PyTorch eager: losses_torch.py THREADS. Runs for each line of input `LOSS STEPS` as many steps."""
import sys

import torch
import torch.nn.functional as F

from serving import answer, timed

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)
B, K, D = 512, 1000, 128
kinds = {
    "scores": lambda: torch.randn(B, K), "targets": lambda: torch.randn(B, K), "probabilities": lambda: 0.05 + 0.9 * torch.rand(B, K),
    "distribution": lambda: torch.full((B, K), 1 / K), "variances": lambda: 0.5 + 1.5 * torch.rand(B, K), "bits": lambda: (torch.rand(B, K) < 0.5).float(),
    "signs": lambda: (torch.rand(B, K) < 0.5).float() * 2 - 1, "labels": lambda: torch.randint(K, (B,)), "groups": lambda: torch.randint(64, (B,)),
    "features": lambda: torch.randn(B, D), "table": lambda: torch.randn(K, D), "column": lambda: torch.randn(B), "row_bits": lambda: (torch.rand(B) < 0.5).float(),
    "row_signs": lambda: (torch.rand(B) < 0.5).float() * 2 - 1, "one": lambda: torch.ones(1), "sequences": lambda: torch.randn(50, 32, 64),
    "sentences": lambda: torch.randint(1, 64, (32, 10)), "centers": lambda: torch.zeros(K, D),
}


def follow(x, y, c):
    with torch.no_grad():
        counts = torch.zeros(K, 1).index_add_(0, y, torch.ones(B, 1))
        c.add_(0.5 * torch.zeros(K, D).index_add_(0, y, x.detach() - c[y]) / (1 + counts))


def own(x, y, c):
    return (x - c[y]).square().sum(1) / 2


def squared(a, b):
    return (a.square().sum(1)[:, None] + b.square().sum(1) - 2 * a @ b.T).clamp(min=0)


def center(x, y, c):
    return own(x, y, c).sum()


def contrastive_center(x, y, c):
    distances = squared(x, c)
    others = distances.sum(1) - distances.gather(1, y[:, None])[:, 0]
    return (own(x, y, c) / (others + 1)).sum()


def apart(c):
    """Moves centers by the island term's negative gradient."""
    leaf = c.clone().requires_grad_()
    unit = F.normalize(leaf)
    term = (unit @ unit.T + 1).sum() - (unit.square().sum(1) + 1).sum()
    (gradient,) = torch.autograd.grad(term * 10 / (2 * (K - 1)), leaf)
    c.sub_(0.5 * gradient)


def git(x, y, c):
    push = (1 / (1 + squared(x, c))).scatter(1, y[:, None], 0.0).sum(1)
    return (own(x, y, c) + push).sum()


def triplet_center(x, y, c):
    nearest = squared(x, c).scatter(1, y[:, None], 1e30).min(1).values / 2
    return (own(x, y, c) + 5 - nearest).clamp(min=0).sum()


def svm(x, y):
    sign = 1 - 2 * F.one_hot(y, K)
    return (1 + sign * x).clamp(min=0).square().sum()


def focal(x, y):
    entropy = F.binary_cross_entropy_with_logits(x, y, reduction="none")
    p = torch.sigmoid(x)
    right = p * y + (1 - p) * (1 - y)
    return ((0.25 * y + 0.75 * (1 - y)) * (1 - right) ** 2 * entropy).mean()


def log_cosh(x, y):
    d = x - y
    return (d + F.softplus(-2 * d) - 0.6931471805599453).mean()


def contrastive(a, b, y):
    d = F.pairwise_distance(a, b)
    return (y * d.square() + (1 - y) * (1 - d).clamp(min=0).square()).mean() / 2


def sdml(a, b):
    target = torch.full((B, B), 0.3 / (B - 1)).fill_diagonal_(0.7)
    return F.kl_div(torch.log_softmax(-squared(a, b), 1), target, reduction="batchmean")


def nt_xent(a, b):
    z = F.normalize(torch.cat([a, b]))
    similarity = (z @ z.T / 0.1).fill_diagonal_(-1e30)
    return F.cross_entropy(similarity, torch.arange(2 * B).roll(B))


def sup_con(x, y):
    z = F.normalize(x)
    similarity = (z @ z.T / 0.1).masked_fill(torch.eye(B, dtype=torch.bool), -1e30)
    positive = (y[:, None] == y).float().fill_diagonal_(0)
    losses = -(positive * torch.log_softmax(similarity, 1)).sum(1) / positive.sum(1).clamp(min=1)
    return losses.sum() / (positive.sum(1) > 0).sum()


def dice(p, y):
    return (1 - (2 * (p * y).sum(1) + 1) / (p.sum(1) + y.sum(1) + 1)).mean()


def tversky(p, y):
    both = (p * y).sum(1)
    return (1 - (both + 1) / (both + 0.5 * (p * (1 - y)).sum(1) + 0.5 * ((1 - p) * y).sum(1) + 1)).mean()


def ctc(x, y):
    return F.ctc_loss(torch.log_softmax(x, 2), y, torch.full((32,), 50), torch.full((32,), 10), reduction="none").mean()


def cosines(x, w):
    return F.normalize(x) @ F.normalize(w).T


def proxy_anchor(x, y, p):
    similarity = cosines(x, p)
    hit = F.one_hot(y, K).bool()
    positive = torch.logsumexp((-32 * (similarity - 0.1)).masked_fill(~hit, -1e30), 0)
    negative = torch.logsumexp((32 * (similarity + 0.1)).masked_fill(hit, -1e30), 0)
    return F.softplus(positive).sum() / hit.any(0).sum() + F.softplus(negative).mean()


def arc_face(x, y, w):
    cosine = cosines(x, w)
    own_cosine = cosine.gather(1, y[:, None])
    angle = torch.acos(own_cosine.clamp(-1 + 1e-7, 1 - 1e-7))
    moved = torch.where(angle > torch.pi - 0.5, own_cosine - 0.5 * 0.479425538604203, torch.cos(angle + 0.5))
    return F.cross_entropy(30 * cosine.scatter(1, y[:, None], moved), y)


def psi(cosine, y):
    own_cosine = cosine.gather(1, y[:, None])
    k = (torch.acos(own_cosine.detach().clamp(-1, 1)) * 4 / torch.pi).floor()
    moved = (1 - 2 * (k % 2)) * (8 * own_cosine ** 4 - 8 * own_cosine ** 2 + 1) - 2 * k
    return cosine.scatter(1, y[:, None], moved)


pair, marked, signed, embedded = ["scores", "targets"], ["scores", "bits"], ["scores", "signs"], ["features", "labels", "table"]
around = ["features", "labels", "centers"]
# Inputs, how many of the first ones get gradients (or which), and the loss.
losses = {
    "softmaxOutput": (["scores", "labels"], [0], lambda x, y: F.cross_entropy(x, y, reduction="sum")),
    "linearRegressionOutput": (pair, [0], lambda x, y: F.mse_loss(x, y, reduction="sum") / (2 * K)),
    "logisticRegressionOutput": (marked, [0], lambda x, y: F.binary_cross_entropy_with_logits(x, y, reduction="sum") / K),
    "maeRegressionOutput": (pair, [0], lambda x, y: F.l1_loss(x, y, reduction="sum") / K),
    "svmOutput": (["scores", "labels"], [0], svm),
    "l1Loss": (pair, [0], F.l1_loss), "l2Loss": (pair, [0], lambda x, y: F.mse_loss(x, y) / 2), "huberLoss": (pair, [0], F.huber_loss),
    "smoothL1Loss": (pair, [0], F.smooth_l1_loss), "logCoshLoss": (pair, [0], log_cosh),
    "softmaxCrossEntropyLoss": (["scores", "labels"], [0], F.cross_entropy), "sigmoidCrossEntropyLoss": (marked, [0], F.binary_cross_entropy_with_logits),
    "focalLoss": (marked, [0], focal), "klDivergenceLoss": (["scores", "distribution"], [0], lambda x, y: F.kl_div(torch.log_softmax(x, 1), y, reduction="batchmean")),
    "poissonLoss": (marked, [0], F.poisson_nll_loss), "gaussianLoss": (["scores", "targets", "variances"], [0, 2], F.gaussian_nll_loss),
    "hingeLoss": (signed, [0], lambda x, y: (1 - x * y).clamp(min=0).mean()), "squaredHingeLoss": (signed, [0], lambda x, y: (1 - x * y).clamp(min=0).square().mean()),
    "logisticLoss": (signed, [0], F.soft_margin_loss), "multiMarginLoss": (["scores", "labels"], [0], F.multi_margin_loss),
    "cosineEmbeddingLoss": (["features", "features", "row_signs"], [0, 1], F.cosine_embedding_loss),
    "marginRankingLoss": (["column", "column", "row_signs"], [0, 1], F.margin_ranking_loss), "tripletLoss": (["features"] * 3, [0, 1, 2], F.triplet_margin_loss),
    "contrastiveLoss": (["features", "features", "row_bits"], [0, 1], contrastive), "sdmlLoss": (["features"] * 2, [0, 1], sdml), "ntXentLoss": (["features"] * 2, [0, 1], nt_xent),
    "supervisedContrastiveLoss": (["features", "groups"], [0], sup_con), "diceLoss": (["probabilities", "bits"], [0], dice), "tverskyLoss": (["probabilities", "bits"], [0], tversky),
    "ctcLoss": (["sequences", "sentences"], [0], ctc),
    "centerLoss": (around, [0], center), "contrastiveCenterLoss": (around, [0], contrastive_center), "islandLoss": (around, [0], center), "gitLoss": (around, [0], git),
    "tripletCenterLoss": (around, [0], triplet_center),
    "ringLoss": (["features", "one"], [0, 1], lambda x, r: (x.norm(dim=1) - r).square().mean() / 2),
    "proxyNcaLoss": (embedded, [0, 2], lambda x, y, p: F.cross_entropy(-squared(F.normalize(x), F.normalize(p)), y)),
    "proxyAnchorLoss": (embedded, [0, 2], proxy_anchor),
    "normFaceLoss": (embedded, [0, 2], lambda x, y, w: F.cross_entropy(30 * cosines(x, w), y)),
    "sphereFaceLoss": (embedded, [0, 2], lambda x, y, w: F.cross_entropy(x.norm(dim=1, keepdim=True) * psi(cosines(x, w), y), y)),
    "cosFaceLoss": (embedded, [0, 2], lambda x, y, w: F.cross_entropy(30 * (cosines(x, w) - 0.35 * F.one_hot(y, K)), y)),
    "arcFaceLoss": (embedded, [0, 2], arc_face),
    "largeMarginLoss": (embedded, [0, 2], lambda x, y, w: F.cross_entropy(x.norm(dim=1, keepdim=True) * w.norm(dim=1) * psi(cosines(x, w), y), y)),
}


def create(name):
    inputs, wanted, loss = losses[name]
    tensors = [kinds[kind]() for kind in inputs]
    for i in wanted:
        tensors[i].requires_grad_()

    def step():
        for i in wanted:
            tensors[i].grad = None
        value = loss(*tensors)
        value.sum().backward()
        if inputs is around:
            follow(*tensors)
        if name == "islandLoss":
            apart(tensors[2])
        return value.sum().item()

    return step


steps = {}
answer({"ready": f"torch {torch.__version__} eager"})
for line in sys.stdin:
    name, count = line.split()
    if name not in steps:
        steps[name] = create(name)
    answer(timed(steps[name], int(count)))
