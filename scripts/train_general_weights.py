#!/usr/bin/env -S python3 -E
"""Trains assets/insight/general_weights.txt, the weights behind the general nine talking points.

    cargo test --release --lib print_examples -- --ignored --nocapture | scripts/train_general_weights.py > weights.txt

The program prints each example with its features (src/insight/general_weights.rs), so both see the same. Logistic
regression with L2, one model a point, by plain gradient descent; needs numpy and scipy. Examples written for the question bank name
one point each and say nothing certain about the others, so those count less. The held-out sets
are left out.
"""
import collections
import sys
import tomllib

import numpy as np
import scipy.sparse

POINTS = [point["id"] for point in tomllib.load(open("assets/insight/talking_points.toml", "rb"))["general"]]
# The patterns were written with the first two sets in view, so only the third shows how far they can be trusted.
TRUST = {"training": 1.0, "develop": 1.0, "colloquial": 2.0, "bank": 0.5}
OTHERS_IN_BANK = 0.0
STEPS, L2 = 150, 3.0

examples = []
for line in sys.stdin:
    if line.startswith("EXAMPLE\t"):
        _, source, labels, features, _, text = line.rstrip("\n").split("\t")
        examples.append((source, labels.split(","), features.split(), text))
# An answer of several sentences with several labels does not say which sentence makes which point.
pieces = collections.Counter(e[3] for e in examples)
examples = [(s, ls, fs, pieces[t] == 1 or len(ls) == 1) for s, ls, fs, t in examples]
train = [e for e in examples if e[0] in TRUST and e[3]]
counts = collections.Counter(f for _, _, fs, _ in train for f in fs)
names = sorted(f for f, n in counts.items() if n > 1)
place = {f: i for i, f in enumerate(names)}


def matrix(rows):
    cells = [(i, place[f]) for i, (_, _, fs, _) in enumerate(rows) for f in fs if f in place]
    i, j = zip(*cells)
    return scipy.sparse.csr_matrix((np.ones(len(cells), np.float32), (i, j)), (len(rows), len(names)))


def targets(rows):
    y = np.array([[float(n in labels) for n in POINTS] for _, labels, _, _ in rows], np.float32)
    w = np.array([[TRUST.get(s, 0)] * 9 for s, _, _, _ in rows], np.float32)
    for i, (source, _, _, _) in enumerate(rows):
        if source == "bank":
            w[i] = np.where(y[i] > 0, TRUST["bank"], OTHERS_IN_BANK)
    return y, w


x, (y, w) = matrix(train), targets(train)
xt = x.T.tocsr()
w = w * np.where(y > 0, 2.0, 1.0)
weights, bias = np.zeros((len(names), 9), np.float32), np.full(9, -2.5, np.float32)
step_w, step_b = np.zeros_like(weights), np.zeros_like(bias)
for step in range(STEPS):
    error = (1 / (1 + np.exp(-(x @ weights + bias))) - y) * w
    gradient_w, gradient_b = xt @ error + L2 * weights, error.sum(0)
    # Adagrad: rare features take large steps, common ones small.
    step_w += gradient_w**2
    step_b += gradient_b**2
    weights -= 0.3 * gradient_w / np.sqrt(step_w + 1e-3)
    bias -= 0.3 * gradient_b / np.sqrt(step_b + 1e-3)

print("# Made by scripts/train_general_weights.py: a feature and its weights, in hundredths, for " + ", ".join(POINTS) + ".")
print("BIAS", *np.round(bias * 100).astype(int))
for f, row in zip(names, np.round(weights * 100).astype(int)):
    if abs(row).max() >= 12:
        print(f, *row)
