"""Records trajectories of optimizers and schedules, in float64, for packages/optim: python optimizers.py > ../recorded/optimizers.json

Needs torch and schedulefree. Lion, Muon, SAM and the average of weights are written out here from their papers, because PyTorch has none of them or
rounds on the way (Muon's bfloat16)."""
import json
import math
import warnings
from importlib import metadata

import schedulefree
import torch

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)
STEPS, SHAPES = 12, ((4, 3), (3,))


def numbers(size, seed):
    return torch.tensor([math.sin(seed * 37 + i * 11) for i in range(size)])


def parameters():
    return [torch.nn.Parameter(numbers(math.prod(shape), k + 1).reshape(shape)) for k, shape in enumerate(SHAPES)]


def gradients(step):
    return [numbers(math.prod(shape), 5 + 2 * step + k).reshape(shape) for k, shape in enumerate(SHAPES)]


def listed(tensors):
    return [tensor.detach().flatten().tolist() for tensor in tensors]


def trajectory(make, before_step=None, evaluation=None):
    params = parameters()
    optimizer = make(params)
    weights = []
    for step in range(STEPS):
        for param, gradient in zip(params, gradients(step)):
            param.grad = gradient.clone()
        if before_step:
            before_step(params)
        optimizer.step()
        weights.append(listed(params))
    recorded = {"weights": weights}
    if evaluation:
        recorded["evaluation"] = evaluation(optimizer, params)
    return recorded


class ByHand:
    """An optimizer written out: `rule(param, gradient, state, step)` changes the first and the third."""

    def __init__(self, params, rule):
        self.params, self.rule, self.steps, self.states = params, rule, 0, [{} for _ in params]

    @torch.no_grad()
    def step(self):
        self.steps += 1
        for param, state in zip(self.params, self.states):
            self.rule(param, param.grad, state, self.steps)


def lion(param, gradient, state, _):
    m = state.setdefault("m", torch.zeros_like(param))
    direction = torch.sign(0.9 * m + 0.1 * gradient)
    param -= 0.01 * (direction + 0.1 * param)
    state["m"] = 0.99 * m + 0.01 * gradient


def orthogonal(matrix):
    a, b, c = 3.4445, -4.775, 2.0315
    x = matrix / torch.linalg.norm(matrix)
    for _ in range(5):
        x = a * x + b * (x @ x.T) @ x + c * (x @ x.T) @ (x @ x.T) @ x
    return x


def muon(param, gradient, state, step):
    if param.ndim == 1:
        m = state.setdefault("m", torch.zeros_like(param))
        v = state.setdefault("v", torch.zeros_like(param))
        state["m"], state["v"] = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        direction = state["m"] / (1 - 0.9**step) / (torch.sqrt(state["v"] / (1 - 0.999**step)) + 1e-8)
        param -= 0.02 * (direction + 0.1 * param)
        return
    m = state.setdefault("m", torch.zeros_like(param))
    state["m"] = 0.95 * m + 0.05 * gradient
    look_ahead = 0.95 * state["m"] + 0.05 * gradient
    param -= 0.02 * (orthogonal(look_ahead) * math.sqrt(max(1, param.shape[0] / param.shape[1])) + 0.1 * param)


class Averaged(ByHand):
    def __init__(self, params):
        super().__init__(params, lambda param, gradient, state, step: param.sub_(0.1 * gradient))
        self.average = [param.detach().clone() for param in params]

    @torch.no_grad()
    def step(self):
        super().step()
        self.average = [0.9 * average + 0.1 * param for average, param in zip(self.average, self.params)]


def evaluated(optimizer, params):
    optimizer.eval()
    return listed(params)


def schedule_free(kind, **options):
    def make(params):
        optimizer = kind(params, foreach=False, **options)
        optimizer.train()
        return optimizer

    return make


def sharp():
    """Sharpness-aware steps on the loss (sum w^4)/4 + sum w*c, whose gradient is w^3 + c."""
    params, weights = parameters(), []
    offsets = gradients(0)
    with torch.no_grad():
        for _ in range(STEPS):
            here = [param**3 + offset for param, offset in zip(params, offsets)]
            norm = torch.sqrt(sum((gradient**2).sum() for gradient in here))
            there = [param + 0.1 * gradient / norm for param, gradient in zip(params, here)]
            for param, moved, offset in zip(params, there, offsets):
                param -= 0.05 * (moved**3 + offset)
            weights.append(listed(params))
    return {"weights": weights}


def case(name, optimizer, options, recorded):
    return {"name": name, "optimizer": optimizer, "options": options, **recorded}


optim = torch.optim
optimizers = [
    case("AdamW", "adamw", {"learningRate": 0.05, "weightDecay": 0.1}, trajectory(lambda p: optim.AdamW(p, lr=0.05, weight_decay=0.1))),
    case("Adam with amsgrad", "amsgrad", {"learningRate": 0.05, "weightDecay": 0.1}, trajectory(lambda p: optim.Adam(p, lr=0.05, weight_decay=0.1, amsgrad=True))),
    case("RAdam", "radam", {"learningRate": 0.05, "weightDecay": 0.1}, trajectory(lambda p: optim.RAdam(p, lr=0.05, weight_decay=0.1))),
    case("Adafactor", "adafactor", {"learningRate": 0.05, "weightDecay": 0.1, "epsilon": 2.220446049250313e-16}, trajectory(lambda p: optim.Adafactor(p, lr=0.05, weight_decay=0.1))),
    case("Lion", "lion", {"learningRate": 0.01, "weightDecay": 0.1}, trajectory(lambda p: ByHand(p, lion))),
    case("Muon", "muon", {"learningRate": 0.02, "weightDecay": 0.1}, trajectory(lambda p: ByHand(p, muon))),
    case("SGDScheduleFree", "schedulefreesgd", {"learningRate": 0.5, "weightDecay": 0.01},
         trajectory(schedule_free(schedulefree.SGDScheduleFree, lr=0.5, weight_decay=0.01), evaluation=evaluated)),
    case("AdamWScheduleFree", "schedulefreeadamw", {"learningRate": 0.05, "weightDecay": 0.1},
         trajectory(schedule_free(schedulefree.AdamWScheduleFree, lr=0.05, weight_decay=0.1), evaluation=evaluated)),
    case("SGD after clip_grad_norm_", "sgd", {"learningRate": 0.1, "momentum": 0.9, "clipGlobalNorm": 1.5},
         trajectory(lambda p: optim.SGD(p, lr=0.1, momentum=0.9), before_step=lambda p: torch.nn.utils.clip_grad_norm_(p, 1.5))),
    case("SGD and the average of its weights", "sgd", {"learningRate": 0.1, "averageWeights": 0.9},
         trajectory(Averaged, evaluation=lambda optimizer, _: listed(optimizer.average))),
]


def rates(make, steps=40, base=0.1, reports=None):
    optimizer = optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    schedule = make(optimizer)
    values = []
    for step in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step(*([] if reports is None else [reports[step]]))
    return values


lr = optim.lr_scheduler
REPORTS = [1 / (1 + step) if step < 8 else 0.12 + 0.001 * (step % 5) for step in range(40)]
schedules = [
    {"name": "ConstantLR", "scheduler": "ConstantScheduler", "options": {}, "rates": rates(lambda o: lr.ConstantLR(o, factor=1))},
    {"name": "LinearLR", "scheduler": "LinearScheduler", "options": {"steps": 25, "finalLearningRate": 0.02}, "rates": rates(lambda o: lr.LinearLR(o, 1, 0.2, 25))},
    {"name": "ExponentialLR", "scheduler": "ExponentialScheduler", "options": {"decay": 0.93}, "rates": rates(lambda o: lr.ExponentialLR(o, 0.93))},
    {"name": "CosineAnnealingWarmRestarts", "scheduler": "CosineRestartsScheduler", "options": {"period": 5, "periodFactor": 2, "finalLearningRate": 0.001},
     "rates": rates(lambda o: lr.CosineAnnealingWarmRestarts(o, 5, 2, 0.001))},
    {"name": "CosineAnnealingWarmRestarts of one length", "scheduler": "CosineRestartsScheduler", "options": {"period": 7},
     "rates": rates(lambda o: lr.CosineAnnealingWarmRestarts(o, 7))},
    *({"name": f"CyclicLR {theirs}", "scheduler": "CyclicScheduler", "options": {"peakLearningRate": 0.5, "stepsUp": 4, "stepsDown": 7, "mode": ours, "decay": 0.97},
       "rates": rates(lambda o, theirs=theirs: lr.CyclicLR(o, 0.1, 0.5, 4, 7, mode=theirs, gamma=0.97, cycle_momentum=False))}
      for theirs, ours in (("triangular", "triangular"), ("triangular2", "triangular2"), ("exp_range", "exponential"))),
    {"name": "OneCycleLR", "scheduler": "OneCycleScheduler", "options": {"totalSteps": 40},
     "rates": rates(lambda o: lr.OneCycleLR(o, 0.1, total_steps=40, cycle_momentum=False), steps=39)},
    {"name": "OneCycleLR in three straight phases", "scheduler": "OneCycleScheduler",
     "options": {"totalSteps": 40, "riseShare": 0.4, "anneal": "linear", "threePhase": True, "initialDivisor": 10, "finalDivisor": 100},
     "rates": rates(lambda o: lr.OneCycleLR(o, 0.1, total_steps=40, pct_start=0.4, anneal_strategy="linear", three_phase=True, div_factor=10,
                                            final_div_factor=100, cycle_momentum=False), steps=39)},
    {"name": "ReduceLROnPlateau", "scheduler": "PlateauScheduler", "options": {"patience": 3, "factor": 0.5, "cooldown": 2, "leastLearningRate": 0.005},
     "reports": REPORTS, "rates": rates(lambda o: lr.ReduceLROnPlateau(o, factor=0.5, patience=3, cooldown=2, min_lr=0.005), reports=REPORTS)},
]
versions = f"torch {torch.__version__.split('+')[0]}, schedulefree {metadata.version('schedulefree')}"
print(json.dumps({"source": versions, "steps": STEPS, "shapes": SHAPES, "optimizers": optimizers, "sharpnessAware": sharp(), "schedules": schedules}))
