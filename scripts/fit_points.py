#!/usr/bin/env -S python3 -E
"""Fits the numbers in assets/insight/question_points.toml ([probability]) and assets/insight/topic.toml.

    scripts/fit_points.py answers > answers.txt
    ALOUD_ANSWERS=$PWD/answers.txt cargo test --release --lib print_measures -- --ignored --nocapture > measures.txt
    scripts/fit_points.py fit measures.txt

The program prints what it measures of each answer (src/insight/question_points.rs, src/insight/topic.rs), so both see the same.
A point is made by the best of an answer's sentences, so the fit goes back and forth between choosing it and weighing. Of the
answers, those in scripts/training/topic_pairs.jsonl and the sample answers of the question bank: each holds the points of its own
question and, as an answer to another question of the field, none. Every fourth question is left out and only measured on.
Needs numpy.
"""
import collections
import glob
import json
import re
import sys
import tomllib

import numpy as np


def answers():
    """Question, answer, the points that it makes (None: not known), whether it is about the question, which part of the fit."""
    questions = [q for path in sorted(glob.glob("questions/*.toml")) for q in tomllib.load(open(path, "rb"))["questions"]]
    pairs = [json.loads(line) for line in open("scripts/training/topic_pairs.jsonl") if line.strip()]
    prompts = sorted({pair["question"] for pair in pairs})
    for pair in pairs:
        yield pair["question"], pair["text"], None, pair["on_topic"], prompts.index(pair["question"])
    astray = [pair["text"] for pair in pairs if not pair["on_topic"]]
    for i, question in enumerate(questions):
        ids = [point["id"] for point in question["talking_points"]]
        yield question["id"], question["sample_answer"], ids, True, i
        other = questions[(i + 7) % len(questions)]
        if question["kind"] == "technical":
            yield question["id"], other["sample_answer"], [], None, i
        else:
            yield question["id"], astray[i % len(astray)] + " " + astray[(3 * i + 1) % len(astray)], [], False, i
    places = {question["id"]: i for i, question in enumerate(questions)}
    for line in open("scripts/training/own_pairs.jsonl"):
        pair = json.loads(line)
        yield pair["id"], pair["text"], pair["points"], None, places[pair["id"]]
    for line in open("tests/it/insight/technical_develop.txt"):
        if " | " in line and not line.startswith("#"):
            question, labels, text = line.strip().split(" | ", 2)
            yield question, text, [] if labels == "none" else labels.split(","), "develop", 1


def logistic(x, y, weights, penalty=0.3):
    """Newton's method; the last column of x is the constant."""
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        h = (x * (weights * p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(w))
        w += np.linalg.solve(h, x.T @ (weights * (y - p)) - penalty * w)
    return w


def scores(p, y):
    tp, fp, fn = (p & y).sum(), (p & ~y).sum(), (~p & y).sum()
    return f"P {tp / max(1, tp + fp):.3f} R {tp / max(1, tp + fn):.3f} F1 {2 * tp / max(1, 2 * tp + fp + fn):.3f}"


def fit(path):
    rows = list(answers())
    topic, own = {}, collections.defaultdict(list)
    for line in open(path):
        cells = line.rstrip("\n").split("\t")
        if cells[0] == "TOPIC":
            topic[int(cells[1])] = json.loads(cells[2])
        elif cells[0] == "OWN":
            own[int(cells[1]), cells[2]].append(json.loads(cells[3]))
    # A question's own points.
    keys = [key for key in own if rows[key[0]][2] is not None]
    labels = np.array([key[1] in rows[key[0]][2] for key in keys])
    part = np.array([rows[key[0]][4] % 4 == 0 for key in keys])
    bags = [np.column_stack([own[key], np.ones(len(own[key]))]) for key in keys]
    w = np.array([2.0, 3.0, 3.0, -4.0])
    for _ in range(8):
        best = np.array([bag[np.argmax(bag @ w)] for bag in bags])
        w = logistic(best[~part], labels[~part].astype(float), np.ones((~part).sum()))
    z = np.array([(bag @ w).max() for bag in bags])
    print("own: words, meaning, lead, bias =", *np.round(w, 3))
    for name, chosen in (("learned", ~part), ("left out", part)):
        for bar in (0.3, 0.5, 0.6, 0.7):
            print("  ", name, bar, scores(z[chosen] > np.log(bar / (1 - bar)), labels[chosen]))
    table("own", z[part], labels[part])
    sentences = np.array([rows[key[0]][3] == "develop" for key in keys])
    print("   technical_develop", scores(z[sentences] > 0, labels[sentences]), "words alone", scores(best[sentences][:, 0] >= 1, labels[sentences]))
    # Whether an answer is about the question.
    keys = [i for i in topic if isinstance(rows[i][3], bool)]
    labels, part = np.array([rows[i][3] for i in keys]), np.array([rows[i][4] % 4 == 0 for i in keys])
    x = np.column_stack([[topic[i] for i in keys], np.ones(len(keys))])
    w = logistic(x[~part], labels[~part].astype(float), np.ones((~part).sum()))
    z = x @ w
    print("topic: weights =", np.round(w[:-1], 3).tolist(), "bias =", round(w[-1], 3))
    pairs = np.array([rows[i][2] is None for i in keys])
    for name, chosen in (("learned", ~part & pairs), ("left out", part & pairs), ("left out, bank", part & ~pairs)):
        for bar in (0.05, 0.1, 0.2, 0.3, 0.5):
            off = z[chosen] < np.log(bar / (1 - bar))
            print(f"   {name} {bar}: flagged {off[~labels[chosen]].mean():.3f} of those astray, {off[labels[chosen]].mean():.3f} of the others")
    table("topic", z[part], labels[part])


def table(name, z, labels):
    p = 1 / (1 + np.exp(-z))
    for low in (0, 0.1, 0.3, 0.5, 0.7, 0.9):
        inside = (p >= low) & (p < {0: 0.1, 0.1: 0.3, 0.3: 0.5, 0.5: 0.7, 0.7: 0.9, 0.9: 1.1}[low])
        if inside.any():
            print(f"   {name} reliability: said {p[inside].mean():.2f}, was {labels[inside].mean():.2f} ({inside.sum()})")


if __name__ == "__main__":
    if sys.argv[1:] == ["answers"]:
        for question, text, *_ in answers():
            print(question + "\t" + re.sub(r"\s+", " ", text.strip()))
    elif len(sys.argv) == 3 and sys.argv[1] == "fit":
        fit(sys.argv[2])
    else:
        sys.exit(__doc__)
