"""The heads over musicnn's penultimate outputs: mood axes and embedding. Fitted by train/fit-mood-head."""
import json

import musicnn
import numpy as np
from common import ROOT


def heads(y):
    """16 kHz mono -> ({axis: 0..1}, embedding of whole numbers)"""
    mean = np.concatenate([musicnn.tags(y, name)[1] for name in ("msd", "mtt")]).astype(np.float64)
    head, small = (json.loads((ROOT / name).read_text()) for name in ("mood-head.json", "music-embedding.json"))
    values = np.array(head["weights"]) @ mean + head["offsets"]
    places = 1 / (1 + np.exp((np.array(head["centers"]) - values) / head["spreads"]))
    projected = np.array(small["steps"]) * (np.array(small["rows"]) @ (mean - small["mean"]))
    return dict(zip(head["axes"], places)), np.clip(np.round(projected * small["scale"]), -127, 127).astype(int)
