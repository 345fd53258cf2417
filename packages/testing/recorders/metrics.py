"""Records values of metrics for packages/metrics: python metrics.py > ../recorded/metrics.json

Needs scikit-learn, torch, torchmetrics and faster-coco-eval (COCO's own evaluation). What neither library has (11-point and stepwise box precision, the spread of embeddings) is
computed here by other means than the package's."""
import contextlib
import json
import math
import warnings
from importlib import metadata

import numpy
import sklearn.metrics as sk
import torch
import torchmetrics.functional as tm
from faster_coco_eval import COCO, COCOeval_faster
from scipy import stats

warnings.filterwarnings("ignore")
ROWS, CLASSES = 24, 4
random = numpy.random.default_rng(20)


def rounded(array, digits=4):
    return numpy.round(array, digits)


labels = random.integers(0, CLASSES, ROWS)
labels[:CLASSES] = range(CLASSES)
logits = random.normal(size=(ROWS, CLASSES)) + 1.2 * numpy.eye(CLASSES)[labels]
probabilities = rounded(numpy.exp(logits) / numpy.exp(logits).sum(1, keepdims=True))
probabilities[:, -1] = 1 - probabilities[:, :-1].sum(1)
classes = probabilities.argmax(1)
flags = random.integers(0, 2, ROWS)
scores = rounded(1 / (1 + numpy.exp(-(random.normal(size=ROWS) + 1.5 * flags - 0.75))), 2)
scores[5] = scores[17] = scores[20]
manyFlags = random.integers(0, 2, (ROWS, 3))
manyScores = rounded(1 / (1 + numpy.exp(-(random.normal(size=(ROWS, 3)) + 1.5 * manyFlags - 0.75))), 2)
targets = rounded(random.normal(size=ROWS) * 2 + 1, 3)
estimates = rounded(targets * 0.8 + random.normal(size=ROWS) * 0.7, 3)
tied = numpy.round(estimates) + 0  # no negative zero, which JSON loses
vectors = rounded(random.normal(size=(ROWS, 3)), 3)
otherVectors = rounded(vectors + random.normal(size=(ROWS, 3)), 3)
embeddings = rounded(numpy.eye(CLASSES)[labels][:, :3] * 2 + random.normal(size=(ROWS, 3)), 3)
clusters = numpy.where(random.random(ROWS) < 0.6, (labels + 1) % CLASSES, random.integers(0, 5, ROWS))

# Boxes: 24 in 6 images, twice as many detections, most of them near a box.
corners = rounded(random.uniform(0, 60, (ROWS, 2)), 1)
boxes = numpy.column_stack([numpy.arange(ROWS) % 6, random.integers(0, 3, ROWS), corners, corners + rounded(random.uniform(10, 40, (ROWS, 2)), 1)])
shifted = boxes[numpy.arange(2 * ROWS) % ROWS].copy()
shifted[:, 2:] += rounded(random.normal(size=(2 * ROWS, 4)) * 4, 1)
astray = random.random(2 * ROWS) < 0.25
shifted[astray, 1] = random.integers(0, 3, astray.sum())
detections = numpy.column_stack([shifted[:, :2], rounded(random.permutation(numpy.linspace(0.05, 0.99, 2 * ROWS)), 3), shifted[:, 2:]])

inputs = {
    "classification": [labels, probabilities], "ids": [labels, classes], "binary": [flags, scores], "multilabel": [manyFlags, manyScores],
    "regression": [targets, estimates], "ties": [targets, tied], "vectors": [vectors, otherVectors], "embeddings": [labels, embeddings], "clusters": [labels, clusters],
    "boxes": [boxes, detections],
}
cases = []


def record(metric, inputs_name, value, **options):
    case = {"metric": metric, "input": inputs_name, "options": options}
    case["values" if isinstance(value, (list, numpy.ndarray)) else "value"] = [float(v) for v in value] if isinstance(value, (list, numpy.ndarray)) else float(value)
    cases.append(case)


positive = (scores > 0.5).astype(int)
manyPositive = (manyScores > 0.5).astype(int)
byTask = {"multiclass": ("classification", labels, classes), "binary": ("binary", flags, positive), "multilabel": ("multilabel", manyFlags, manyPositive)}
scored = {
    "Precision": lambda t, p, **o: sk.precision_score(t, p, zero_division=0, **o), "Recall": lambda t, p, **o: sk.recall_score(t, p, zero_division=0, **o),
    "Jaccard": lambda t, p, **o: sk.jaccard_score(t, p, zero_division=0, **o),
}
for task, (name, true, predicted) in byTask.items():
    for average in ["binary"] if task == "binary" else ["macro", "weighted", "micro", None]:
        options = {"task": task} if task == "binary" else {"task": task, "average": average or "none"}
        for metric, function in scored.items():
            record(metric, name, function(true, predicted, average=average), **options)
        record("FBeta", name, sk.fbeta_score(true, predicted, beta=2, average=average, zero_division=0), beta=2, **options)
        torch_true, torch_predicted = torch.tensor(true), torch.tensor(predicted)
        sizes = {"multiclass": {"num_classes": CLASSES}, "multilabel": {"num_labels": 3}, "binary": {}}[task]
        torch_average = {} if task == "binary" else {"average": average or "none"}
        specificity = tm.specificity(torch_predicted, torch_true, task=task, **sizes, **torch_average)
        record("Specificity", name, specificity.tolist() if specificity.ndim else specificity.item(), **options)
    record("Hamming", name, sk.hamming_loss(true, predicted), task=task)
record("Precision", "ids", sk.precision_score(labels, classes, average="macro"))
record("FBeta", "ids", sk.f1_score(labels, classes, average="macro"))

for task in ("multiclass", "binary"):
    name, true, predicted = byTask[task]
    record("BalancedAccuracy", name, sk.balanced_accuracy_score(true, predicted), task=task)
    record("BalancedAccuracy", name, sk.balanced_accuracy_score(true, predicted, adjusted=True), task=task, adjusted=True)
    record("ConfusionMatrix", name, sk.accuracy_score(true, predicted), task=task)
    for weights in (None, "linear", "quadratic"):
        record("CohenKappa", name, sk.cohen_kappa_score(true, predicted, weights=weights), task=task, weights=weights or "none")
for adjusted in (False, True):
    # No library has it: the mean over the labels, each of two classes.
    each = [sk.balanced_accuracy_score(manyFlags[:, k], manyPositive[:, k], adjusted=adjusted) for k in range(manyFlags.shape[1])]
    record("BalancedAccuracy", "multilabel", numpy.mean(each), task="multilabel", adjusted=adjusted)
record("NMI", "clusters", sk.normalized_mutual_info_score(labels, clusters))


def pr_area(true, score):
    precision, recall, _ = sk.precision_recall_curve(true, score)
    return sk.auc(recall, precision)


onehot = numpy.eye(CLASSES)[labels]
for task, name, true, score in (("binary", "binary", flags, scores), ("multiclass", "classification", onehot, probabilities), ("multilabel", "multilabel", manyFlags, manyScores)):
    for average in ["macro"] if task == "binary" else ["macro", "weighted", "micro", None]:
        options = {"task": task} if task == "binary" else {"task": task, "average": average or "none"}
        record("RocCurve", name, sk.roc_auc_score(true, score, average=average), **options)
        record("AveragePrecision", name, sk.average_precision_score(true, score, average=average), **options)
    if task == "binary":
        record("PrecisionRecallCurve", name, pr_area(true, score), task=task)
    else:
        record("PrecisionRecallCurve", name, numpy.mean([pr_area(true[:, k], score[:, k]) for k in range(true.shape[1])]), task=task)
        record("PrecisionRecallCurve", name, [pr_area(true[:, k], score[:, k]) for k in range(true.shape[1])], task=task, average="none")

for norm in ("l1", "l2", "max"):
    value = tm.calibration_error(torch.tensor(probabilities), torch.tensor(labels), task="multiclass", num_classes=CLASSES, n_bins=7, norm=norm)
    record("CalibrationError", "classification", value.item(), bins=7, norm=norm)
record("CalibrationError", "binary", tm.calibration_error(torch.tensor(scores), torch.tensor(flags), task="binary", n_bins=7).item(), bins=7)
record("LogLoss", "classification", sk.log_loss(labels, probabilities))
record("LogLoss", "binary", sk.log_loss(flags, scores))

record("R2", "regression", sk.r2_score(targets, estimates))
record("ExplainedVariance", "regression", sk.explained_variance_score(targets, estimates))
# torchmetrics divides by n − 1 in a part of it; Lin's definition has one divisor throughout.
record("Concordance", "regression", 2 * numpy.cov(targets, estimates, bias=True)[0, 1] / (targets.var() + estimates.var() + (targets.mean() - estimates.mean()) ** 2))
record("Spearman", "regression", stats.spearmanr(targets, estimates)[0])
record("Spearman", "ties", stats.spearmanr(targets, tied)[0])
record("MAPE", "regression", sk.mean_absolute_percentage_error(targets, estimates))
record("LogCosh", "regression", tm.log_cosh_error(torch.tensor(estimates), torch.tensor(targets)).item())
record("CosineSimilarity", "vectors", tm.cosine_similarity(torch.tensor(otherVectors), torch.tensor(vectors), reduction="mean").item())
record("Sum", "regression", estimates.sum())
record("Maximum", "regression", estimates.max())
record("Minimum", "regression", estimates.min())

pairs = sk.pairwise_distances(embeddings)
means = numpy.array([embeddings[labels == label].mean(0) for label in labels])
within = ((embeddings - means) ** 2).sum(1).mean()
between = ((means - embeddings.mean(0)) ** 2).sum(1).mean()
for measure, value in (("within", within), ("between", between), ("ratio", within / between)):
    record("EmbeddingSpread", "embeddings", value, measure=measure)
for k in (1, 2, 4):
    order = numpy.argsort(pairs + numpy.diag([math.inf] * ROWS), axis=1)[:, :k]
    record("RecallAtK", "embeddings", (labels[order] == labels[:, None]).any(1).mean(), k=k)


def annotations(rows, first):
    sized = numpy.column_stack([rows[:, first:first + 2], rows[:, first + 2:] - rows[:, first:first + 2]])
    return [{"id": i + 1, "image_id": int(row[0]) + 1, "category_id": int(row[1]) + 1, "bbox": box.tolist(), "area": float(box[2] * box[3]), "iscrowd": 0, "score": float(row[2])}
            for i, (row, box) in enumerate(zip(rows, sized))]


truth = COCO()
truth.dataset = {"images": [{"id": i + 1} for i in range(6)], "categories": [{"id": i + 1} for i in range(3)], "annotations": annotations(boxes, 2)}
truth.createIndex()
evaluation = COCOeval_faster(truth, truth.loadRes(annotations(detections, 3)), "bbox")
with contextlib.redirect_stdout(None):
    evaluation.run()
for at, options in ((0, {}), (1, {"threshold": 0.5}), (2, {"threshold": 0.75})):
    record("BoxMeanAveragePrecision", "boxes", evaluation.stats[at], **options)


def voc(interpolate):
    """Average precision at an overlap of 0.5, mean over classes; overlaps as a matrix, each detection greedily."""
    each = []
    for label in sorted(set(boxes[:, 1])):
        true, found = boxes[boxes[:, 1] == label], detections[detections[:, 1] == label]
        found = found[numpy.argsort(-found[:, 2], kind="stable")]
        low = numpy.maximum(true[:, None, 2:4], found[None, :, 3:5])
        high = numpy.minimum(true[:, None, 4:6], found[None, :, 5:7])
        shared = numpy.clip(high - low, 0, None).prod(2)
        areas = [(rows[:, -2:] - rows[:, -4:-2]).prod(1) for rows in (true, found)]
        overlap = shared / (areas[0][:, None] + areas[1][None, :] - shared)
        overlap[true[:, 0][:, None] != found[:, 0][None, :]] = 0
        hits = []
        for column in range(len(found)):
            row = overlap[:, column].argmax()
            hits.append(overlap[row, column] >= 0.5)
            if hits[-1]:
                overlap[row] = 0
        cumulated = numpy.cumsum(hits)
        each.append(interpolate(cumulated / len(true), cumulated / numpy.arange(1, len(hits) + 1)))
    return numpy.mean(each)


def eleven(recall, precision):
    return numpy.mean([precision[recall >= at].max() if (recall >= at).any() else 0 for at in numpy.arange(0, 1.1, 0.1)])


def steps(recall, precision):
    envelope = numpy.maximum.accumulate(precision[::-1])[::-1]
    return (numpy.diff(recall, prepend=0) * envelope).sum()


record("BoxMeanAveragePrecision", "boxes", voc(eleven), threshold=0.5, interpolation="11-point")
record("BoxMeanAveragePrecision", "boxes", voc(steps), threshold=0.5, interpolation="area")

points = {"roc": [part.tolist() for part in sk.roc_curve(flags, scores, drop_intermediate=False)[:2]], "confusion": sk.confusion_matrix(labels, classes).T.tolist()}
versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("scikit-learn", "torchmetrics", "faster-coco-eval", "scipy"))
print(json.dumps({"source": versions, "inputs": {name: [{"data": array.flatten().tolist(), "shape": array.shape} for array in pair] for name, pair in inputs.items()},
                  "cases": cases, "details": points}))
