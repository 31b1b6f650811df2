#!/usr/bin/env -S python3 -E
"""Fits the numbers in assets/insight/question_points.toml ([probability]) and talking_points.toml (temperature, shift).

    scripts/fit_points.py answers > answers.txt
    ALOUD_ANSWERS=$PWD/answers.txt cargo test --release --lib print_measures -- --ignored --nocapture > measures.txt
    scripts/fit_points.py fit measures.txt

The program prints what it measures of each answer (src/insight/question_points.rs), so both see the same.
Own points: tests/it/insight/technical_develop.txt, answers/*/own_points.jsonl and scripts/training/fit_own_pairs.jsonl,
which the encoder has not learned from. Every fourth question of these is left out and only measured on. General points: the
answers of these three sets, and the sentences and the whole texts that scripts/train_encoder.py leaves out; of a text its best
sentence counts, as in the program.
Needs numpy.
"""
import collections
import glob
import json
import re
import sys
import tomllib

import numpy as np


POINTS = [point["id"] for point in tomllib.load(open("assets/insight/talking_points.toml", "rb"))["general"]]
LISTS = open("scripts/train_encoder.py").read()
LEFT_OUT, WHOLE = (re.findall(r'"(\w+)"', re.search(name + r" = \[(.*?)\]", LISTS, re.S)[1]) for name in ("LEFT_OUT", "WHOLE"))


def jsonl(name):
    return [json.loads(line) for part in ("first", "second", "third") for line in open(f"tests/it/insight/answers/{part}/{name}.jsonl")]


def labeled(path):
    return [line.strip() for line in open(path) if " | " in line and not line.startswith("#")]


def answers():
    """What it is for, the question, the answer, what is true of it; for own points a number for the question, for others
    whether it is everyday talk; and whether it comes from a writer whom the encoder has not learned from."""
    pairs = jsonl("own_points") + [json.loads(line) for line in open("scripts/training/fit_own_pairs.jsonl")]
    own = [(pair["id"], pair["text"], pair["points"]) for pair in pairs]
    for line in labeled("tests/it/insight/technical_develop.txt"):
        question, labels, text = line.split(" | ", 2)
        own.append((question, text, labels.split(",")))
    ids = sorted({question for question, _, _ in own})
    for question, text, points in own:
        yield "own", question, text, points, ids.index(question), False
    for answer in jsonl("answers"):
        yield "general", answer.get("question_id", answer["question"]), answer["text"], answer["points"], False, True
    for answer in jsonl("offtopic"):
        yield "general", answer["id"], answer["text"], [], True, True
    for name in LEFT_OUT:
        for line in labeled(f"scripts/training/{name}.txt"):
            labels, text = line.split(" | ", 1)
            yield "general", "-", text, re.split(r"\s*,\s*", labels), name.startswith("neg"), False
    for name in WHOLE:
        texts = re.split(r"^#", open(f"scripts/training/{name}.txt").read(), flags=re.M)[1:]
        for whole in texts[::5]:
            question, *sentences = [line.strip() for line in whole.strip().split("\n") if line.strip()]
            sentences = [line.split(" | ", 1) for line in sentences]
            labels = {label for labels, _ in sentences for label in re.split(r"\s*,\s*", labels)} - {"none"}
            question = question.partition("question:")[2].strip() or "-"
            text = " ".join(text if text[-1] in ".?!" else text + "." for _, text in sentences)
            yield "general", question, text, sorted(labels), name.startswith("every"), False


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
    own, general = {}, collections.defaultdict(list)
    for line in open(path):
        cells = line.rstrip("\n").split("\t")
        if cells[0] == "OWN":
            own.setdefault((int(cells[1]), cells[2]), []).append(json.loads(cells[3]))
        elif cells[0] == "GENERAL":
            general[int(cells[1])].append(json.loads(cells[2]))
    fit_own(rows, own)
    places = [i for i in general if rows[i][0] == "general"]
    fit_general([rows[i] for i in places], np.array([np.max(general[i], 0) for i in places]))


def fit_own(rows, own):
    keys = [key for key in own if rows[key[0]][0] == "own"]
    labels = np.array([key[1] in rows[key[0]][3] for key in keys])
    part = np.array([rows[key[0]][4] % 4 == 0 for key in keys])
    bags = [np.column_stack([own[key], np.ones(len(own[key]))]) for key in keys]
    w = np.array([2.0, 3.0, 3.0, -2.0, -4.0])
    for _ in range(6):
        best = np.array([bag[np.argmax(bag @ w)] for bag in bags])
        w = logistic(best[~part], labels[~part].astype(float), np.ones((~part).sum()))
    z = np.array([(bag @ w).max() for bag in bags])
    print("own: words, meaning, lead, admits, bias =", *np.round(w, 3))
    for name, chosen in (("learned", ~part), ("left out", part)):
        print("  ", name, "words alone", scores(best[chosen][:, 0] >= 1, labels[chosen]))
        for bar in (0.3, 0.4, 0.5, 0.6, 0.7):
            print("  ", name, bar, scores(z[chosen] > np.log(bar / (1 - bar)), labels[chosen]))
    table("own", z[part], labels[part])


def fit_general(rows, z):
    labels = np.array([[float(point in row[3]) for point in POINTS] for row in rows])
    p = np.zeros_like(z)
    # A tick stands for a whole answer, so answers count more than sentences; how those of other writers are told, most.
    whole = np.array([row[1] != "-" for row in rows])
    weights = np.where(np.array([row[5] for row in rows]), 4.0, np.where(whole, 2.0, 1.0))
    for i, point in enumerate(POINTS):
        a, b = 1.0, 0.0
        for _ in range(4000):
            p[:, i] = 1 / (1 + np.exp(-(a * z[:, i] + b)))
            error = p[:, i] - labels[:, i]
            a -= 0.02 * (np.average(error * z[:, i], weights=weights) + 0.002 * (a - 1))
            b -= 0.05 * np.average(error, weights=weights)
        print(f"{point}: temperature = {1 / a:.2f} shift = {b:.2f}")
    table("general", np.log(p / (1 - p)).ravel(), labels.ravel())
    everyday = np.array([row[4] for row in rows], dtype=bool)
    for bar in (0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7):
        f1, f1_answers = each_f1(p[~whole] > bar, labels[~whole] > 0.5), each_f1(p[whole] > bar, labels[whole] > 0.5)
        false = (p[everyday] > bar).sum(1).mean()
        print(f"bar {bar}: sentences {f1.mean():.3f}, answers {f1_answers.mean():.3f}", np.round(f1_answers, 2), f"points of everyday talk {false:.2f}")


def each_f1(found, labels):
    true, false, missed = (found & labels).sum(0), (found & ~labels).sum(0), (~found & labels).sum(0)
    return 2 * true / np.maximum(1, 2 * true + false + missed)


def table(name, z, labels):
    p = 1 / (1 + np.exp(-z))
    for low in (0, 0.1, 0.3, 0.5, 0.7, 0.9):
        inside = (p >= low) & (p < {0: 0.1, 0.1: 0.3, 0.3: 0.5, 0.5: 0.7, 0.7: 0.9, 0.9: 1.1}[low])
        if inside.any():
            print(f"   {name} reliability: said {p[inside].mean():.2f}, was {labels[inside].mean():.2f} ({inside.sum()})")


if __name__ == "__main__":
    if sys.argv[1:] == ["answers"]:
        for _, question, text, *_ in answers():
            print(question + "\t" + re.sub(r"\s+", " ", text.strip()))
    elif len(sys.argv) == 3 and sys.argv[1] == "fit":
        fit(sys.argv[2])
    else:
        sys.exit(__doc__)
