#!/usr/bin/env -S python3 -E
"""Measures Aloud on a folder of recordings.

The folder holds `manifest.jsonl`: one object a line, with `wav` (a file, relative to the folder), `text` (what was said, every
filler and repeat written out; empty where nobody speaks), `subset` (a name; the table has a row for each), `style` (how it was
said), and, where they are known, `words` (a JSON file of [start, end, …, word] in seconds, or of objects with start, end and word).
Standard library only.
"""
import argparse
import collections
import json
import os
import re
import resource
import statistics
import subprocess
import sys

# Spellings of the vocal fillers, and what each is counted as.
FILLERS = {
    **dict.fromkeys("um umm uhm erm".split(), "um"),
    **dict.fromkeys("uh uhh er ah eh".split(), "uh"),
    **dict.fromkeys("hmm hm mm mmm huh".split(), "hmm"),
}
SPELLED = {"ok": "okay", "'cause": "because", "gonna": "going to", "wanna": "want to", "dr": "doctor", "mr": "mister"}
# Doubles that are meant.
MEANT_TWICE = set("very really that had no yeah bye one two three four five six seven eight nine zero hundred".split())
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def number(value):
    """A number below a million in words."""
    if value < 20:
        return ONES[value]
    if value < 100:
        return " ".join([TENS[value // 10 - 2]] + ([ONES[value % 10]] if value % 10 else []))
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = f" {number(value % size)}" if value % size else ""
            return f"{number(value // size)} {name}{rest}"
    raise AssertionError(value)


def plain(text):
    """Words in lower case, numbers in words, fillers under their common spelling."""
    text = re.sub(r"\[[^\]]*\]|\([^)]*\)|<[^>]*>|\*[^*]*\*", " ", text.lower()).replace("’", "'").replace("%", " percent ")
    text = re.sub(r"(\d),(\d)", r"\1\2", text)
    text = re.sub(r"\d{1,6}", lambda found: f" {number(int(found.group()))} ", text)
    words = []
    for word in re.findall(r"[a-z']+", text):
        words += SPELLED.get(word, word.strip("'")).split()
    return [FILLERS.get(word, word) for word in words if word]


def is_filler(word):
    return word in ("um", "uh", "hmm")


def change_cost(a, b):
    if a == b:
        return 0
    if is_filler(a) and is_filler(b):
        return 0.1
    return 1.9 if is_filler(a) != is_filler(b) else 1


def align(said, heard):
    """Pairs of indices into both, with None where one has nothing: least edits."""
    rows, columns = len(said) + 1, len(heard) + 1
    cost = [[i + j if i * j == 0 else 0 for j in range(columns)] for i in range(rows)]
    for i in range(1, rows):
        for j in range(1, columns):
            change = cost[i - 1][j - 1] + change_cost(said[i - 1], heard[j - 1])
            cost[i][j] = min(change, cost[i - 1][j] + 1, cost[i][j - 1] + 1)
    pairs, i, j = [], rows - 1, columns - 1
    while i or j:
        if i and j and abs(cost[i][j] - cost[i - 1][j - 1] - change_cost(said[i - 1], heard[j - 1])) < 1e-6:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and abs(cost[i][j] - cost[i - 1][j] - 1) < 1e-6:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


def word_errors(said, heard):
    """Errors and words, fillers left out of both."""
    said = [word for word in said if not is_filler(word)]
    heard = [word for word in heard if not is_filler(word)]
    wrong = sum(1 for i, j in align(said, heard) if i is None or j is None or said[i] != heard[j])
    return wrong, len(said)


def repeats(words):
    """How often a phrase of up to four words is said twice running; a filler may stand between."""
    words = [word for word in words if not is_filler(word)]
    count = at = 0
    while at < len(words):
        for length in (4, 3, 2, 1):
            phrase = words[at : at + length]
            if len(phrase) == length and phrase == words[at + length : at + 2 * length]:
                if length > 1 or phrase[0] not in MEANT_TWICE:
                    count += 1
                    at += length - 1
                    break
        at += 1
    return count


def read_folder(folder, wanted):
    lines = open(os.path.join(folder, "manifest.jsonl"), encoding="utf-8").read().splitlines()
    clips = [json.loads(line) for line in lines if line.strip()]
    for clip in clips:
        clip["path"] = os.path.join(folder, clip["wav"])
        clip["name"] = os.path.basename(clip["wav"])
    if wanted:
        clips = [clip for clip in clips if any(w in clip["name"] or w == clip.get("subset") for w in wanted)]
    if not clips:
        sys.exit(f"Nothing in {folder} matches {' '.join(wanted)}.")
    return clips


def gold_words(folder, clip):
    """Start, end and word of what was said, where somebody has written it down."""
    if not clip.get("words"):
        return None
    found = json.load(open(os.path.join(folder, clip["words"]), encoding="utf-8"))
    if isinstance(found, dict):
        found = found["words"]
    words = []
    for word in found:
        if isinstance(word, dict):
            start, end, text = word["start"], word["end"], word.get("word") or word["text"]
        else:
            start, end = word[:2]
            text = word[3] if len(word) > 3 else word[2]
        words += [(start, end, part) for part in plain(text)]
    return words


def run(arguments, environment=None):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        print(f"{' '.join(arguments)}: {done.stderr.strip()}", file=sys.stderr)
        return None, 0.0
    objects = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return objects, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def share(part, whole):
    return part / whole if whole else float("nan")


def scores(hit, invented, missed):
    precision, recall = share(hit, hit + invented), share(hit, hit + missed)
    return precision, recall, share(2 * hit, 2 * hit + invented + missed)


def at_share(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(part * len(values)))] if values else float("nan")


# What was said.


def kind(clip):
    """People, people who read, made speech, or no speech: what a mean may be taken over. Made speech tells little of people."""
    style = clip.get("style", "")
    if not clip["text"].strip():
        return "NO SPEECH"
    if "synthetic" in style or "made" in style:
        return "MADE"
    return "READ" if style.startswith("read") else "PEOPLE"


def said(options):
    totals = collections.defaultdict(collections.Counter)
    offsets = collections.defaultdict(list)
    for clip in read_folder(options.folder, options.clips):
        command = "live" if options.live else "analyze"
        objects, _ = run([options.aloud, command, clip["path"], "--json", *options.more])
        if objects is None:
            continue
        report = objects[-1]
        reference = plain(clip["text"])
        heard, places = [], []
        for word in report["transcript"]["words"]:
            for part in plain(word["text"]):
                heard.append(part)
                places.append(word)
        gold = gold_words(options.folder, clip)
        pairs = align(reference, heard)
        wrong, count = word_errors(reference, heard)
        doubled, written = repeats(reference), repeats(heard)
        rows = clip.get("subset", "-"), kind(clip)
        for key in rows:
            total = totals[key]
            total["clips"] += 1
            total["wrong"] += wrong
            total["words"] += count
            total["heard"] += len(heard)
            total["again"] += min(doubled, written)
            total["again_missed"] += max(0, doubled - written)
            total["again_invented"] += max(0, written - doubled)
        near = 0.0
        for index, (i, j) in enumerate(pairs):
            if j is not None:
                near = places[j].get("start", near)
            told = i is not None and is_filler(reference[i])
            wrote = j is not None and is_filler(heard[j])
            if not (told or wrote):
                continue
            outcome = "hit" if told and wrote else "missed" if told else "invented"
            for key in rows:
                totals[key][outcome] += 1
            if outcome == "hit" and gold:
                nearest = min((abs(start - places[j]["start"]) for start, _, word in gold if is_filler(word)), default=None)
                if nearest is not None:
                    for key in rows:
                        offsets[key].append(nearest)
            if outcome != "hit" and options.tell:
                around = pairs[max(0, index - 3) : index + 4]
                text = " ".join(
                    reference[a] if a is not None and b is not None and reference[a] == heard[b]
                    else f"[{reference[a] if a is not None else '-'}|{heard[b] if b is not None else '-'}]"
                    for a, b in around
                )
                print(f"{outcome:8} {clip['name']} at {near:.2f} s: {text}")
        if doubled != written and options.tell:
            print(f"repeats  {clip['name']}: {doubled} said, {written} written")
    print(f"{'subset':14} clips words   WER  fillers  P    R    F1   time   repeats  P    R    F1  invented per 1,000")
    for key in sorted(totals, key=lambda key: (key.isupper(), key)):
        t = totals[key]
        f = scores(t["hit"], t["invented"], t["missed"])
        r = scores(t["again"], t["again_invented"], t["again_missed"])
        if not t["words"]:
            print(f"{key:14} {t['clips']:5} {t['words']:5}  {t['heard']} words written")
            continue
        invented = 1000 * (t["invented"] + t["again_invented"]) / t["words"]
        off = statistics.median(offsets[key]) if offsets[key] else float("nan")
        print(
            f"{key:14} {t['clips']:5} {t['words']:5} {100 * share(t['wrong'], t['words']):5.1f}  {t['hit'] + t['missed']:7} "
            f"{f[0]:.2f} {f[1]:.2f} {f[2]:.2f}  {off:4.2f}   {t['again'] + t['again_missed']:7} {r[0]:.2f} {r[1]:.2f} {r[2]:.2f}  {invented:5.1f}"
        )


# How closely the live words follow.


def follow(objects, words):
    """For each spoken word, how long after its end it was shown and settled; words taken back; the errors of the text."""
    reference = [word for _, _, word in words]
    settled, first, final = [], {}, {}
    shown_before, taken_back = [], 0
    for update in (o for o in objects if o["type"] == "update"):
        settled += [part for word in update["settled"] for part in plain(word["text"])]
        shown = settled + plain(update.get("tentative") or "")
        spoken = sum(1 for start, _, _ in words if start <= update["heard"] + 0.3)
        for i, j in align(reference[:spoken], shown):
            if i is not None and j is not None and reference[i] == shown[j]:
                first.setdefault(i, update["at"])
                if j < len(settled):
                    final.setdefault(i, update["at"])
        same = 0
        while same < min(len(shown), len(shown_before)) and shown[same] == shown_before[same]:
            same += 1
        taken_back += len(shown_before) - same
        shown_before = shown
    return (
        [at - words[i][1] for i, at in first.items()],
        [at - words[i][1] for i, at in final.items()],
        taken_back,
        word_errors(reference, settled),
    )


def live(options):
    clips = read_folder(options.folder, options.clips)
    if not options.clips:
        # One of each subset unless told: it takes as long as the sound does.
        seen = set()
        clips = [clip for clip in clips if clip.get("subset") not in seen and not seen.add(clip.get("subset"))]
    variants = options.policy or [""]
    print("first and settled: seconds after a word's end, median / 95th percentile; medians of the runs")
    header = f"{'clip':28} {'first':>12} {'settled':>12}  taken back   CPU  Stop→report   live WER  final WER"
    for variant in variants:
        print(f"-- {variant or 'as it is'}\n{header}")
        for clip in clips:
            rows = []
            for _ in range(options.runs):
                environment = {**os.environ, "ALOUD_POLICY": variant} if variant else None
                objects, cpu = run([options.aloud, "live", clip["path"], "--json", *options.more], environment)
                if not objects:
                    continue
                report = objects[-1]
                reference = plain(clip["text"])
                words = gold_words(options.folder, clip) or own_words(reference, report)
                first, final, back, live_errors = follow(objects, words)
                stopped = next((o["at"] for o in objects if o["type"] == "stopped"), None)
                wrong, count = word_errors(reference, plain(report["transcript"]["text"]))
                rows.append((
                    at_share(first, 0.5), at_share(first, 0.95), at_share(final, 0.5), at_share(final, 0.95),
                    share(back, len(words)), share(cpu, report["audio"]["seconds"]),
                    report["at"] - stopped if stopped is not None else float("nan"),
                    100 * share(*live_errors), 100 * share(wrong, count),
                ))
            if not rows:
                continue
            m = [statistics.median(column) for column in zip(*rows)]
            print(
                f"{clip['name'][:28]:28} {m[0]:5.2f} / {m[1]:4.2f} {m[2]:5.2f} / {m[3]:4.2f}  {m[4]:10.2f} {m[5]:5.2f}  "
                f"{m[6]:11.2f} {m[7]:10.1f} {m[8]:10.1f}",
                flush=True,
            )


def own_words(reference, report):
    """Where nobody has written the times down: Aloud's own, of those words that it got right."""
    heard, spans = [], []
    for word in report["transcript"]["words"]:
        for part in plain(word["text"]):
            heard.append(part)
            spans.append((word["start"], word["end"]))
    return [
        (*spans[j], reference[i])
        for i, j in align(reference, heard)
        if i is not None and j is not None and reference[i] == heard[j]
    ]


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    benches = parser.add_subparsers(required=True, metavar="live|said")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("folder", help="where manifest.jsonl is")
    shared.add_argument("clips", nargs="*", help="only these: a subset, or a part of a file's name")
    shared.add_argument("--aloud", default="aloud", help="the program")
    l = benches.add_parser("live", parents=[shared], help="latency, in real time")
    l.add_argument("--runs", type=int, default=3)
    l.add_argument("--policy", action="append", help='a variant, as "step=0.4 share=0.7"; may be given several times')
    l.set_defaults(run=live)
    s = benches.add_parser("said", parents=[shared], help="fillers, repeats, words")
    s.add_argument("--live", action="store_true", help="through the live pipeline, in real time")
    s.add_argument("--tell", action="store_true", help="list each miss and each invention with its time")
    s.set_defaults(run=said)
    options, options_more = parser.parse_known_args()
    options.more = options_more
    options.run(options)


if __name__ == "__main__":
    main()
