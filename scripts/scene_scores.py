"""Scores of scene words against tags, and heads for photos that they have not seen. Used by scripts/evaluate."""
import hashlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDS = 8


def classes():
    """[(name, its tags, its words)]"""
    lines = (Path(__file__).parent / "scene-classes.tsv").read_text().splitlines()[1:]
    return [(name, set(tags.split()), set(words.split(", "))) for name, tags, words in (l.split("\t") for l in lines)]


def five_words(picture):
    """At most five words: scene and object labels in turn, best first, filled up with mood words."""
    lists = [[label["label"] for label in picture.get(key, [])] for key in ("scene", "objects")]
    words = [w for k in range(max(map(len, lists), default=0)) for one in lists if k < len(one) for w in [one[k]]]
    words = list(dict.fromkeys(words))[:5]
    return list(dict.fromkeys(words + picture.get("mood", {}).get("words", [])))[:5]


def by_class(rows):
    """(class, photos, share found, share falsely found) of rows whose third and fourth column are words and tags."""
    for name, tags, words in classes():
        shown = [bool(row[2] & words) for row in rows if row[3] & tags]
        other = [bool(row[2] & words) for row in rows if not row[3] & tags]
        if shown and other:
            yield name, len(shown), sum(shown) / len(shown), sum(other) / len(other)


def informedness(rows):
    values = [found - falsely for _, _, found, falsely in by_class(rows)]
    return sum(values) / len(values) if values else 0.0


def hits(rows):
    """Share of the photos of any class for which a word of one of their classes is said."""
    told = [[row[2] & words for _, tags, words in classes() if row[3] & tags] for row in rows]
    told = [any(own) for own in told if own]
    return sum(told) / len(told) if told else 0.0


def folds(files):
    """The photos in FOLDS lists, dealt by the SHA-256 of their names."""
    order = sorted(files, key=lambda file: hashlib.sha256(file.name.encode()).digest())
    return [order[k::FOLDS] for k in range(FOLDS)]


def heads_without(corpus, lists, place):
    """For each list of photos, the file of a scene head in `place` that has not seen them."""
    left = [place / f"{number}.txt" for number in range(len(lists))]
    for file, photos in zip(left, lists):
        file.write_text("\n".join(photo.name for photo in photos))
    subprocess.run([sys.executable, ROOT / "models/train/fit-scene-head", corpus, "--without", *left],
                   stdout=subprocess.DEVNULL, check=True)
    return [file.with_suffix(".json") for file in left]


def models_with(head, place):
    """A folder of models in `place` with this scene head, which its manifest names."""
    place.mkdir()
    for file in (ROOT / "models").iterdir():
        if file.is_file() and file.name not in ("scene-head.json", "manifest.toml"):
            (place / file.name).symlink_to(file)
    content = head.read_bytes()
    (place / "scene-head.json").write_bytes(content)
    pin = (f'file = "scene-head.json"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'
           f'bytes = {len(content)}\n')
    text = (ROOT / "models/manifest.toml").read_text()
    text = re.sub(r'file = "scene-head\.json"\nsha256 = "\w+"\nbytes = \d+\n', pin, text)
    (place / "manifest.toml").write_text(text)
    return place
