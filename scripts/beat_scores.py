"""How beats are scored: the measures of mir_eval 0.8 (Raffel et al., ISMIR 2014), with nothing but the standard library."""


def late(times, duration):
    """What counts: from 5 s on, in clips over 10 s."""
    return sorted(float(t) for t in times if duration <= 10 or t >= 5)


def f_measure(true, found, window=0.07):
    """Share of beats within 70 ms, one to one."""
    i = j = hits = 0
    while i < len(true) and j < len(found):
        if abs(true[i] - found[j]) <= window:
            hits, i, j = hits + 1, i + 1, j + 1
        elif true[i] < found[j]:
            i += 1
        else:
            j += 1
    return 2 * hits / (len(true) + len(found)) if true and found else 0.0


def levels(true):
    """As annotated, off-beat, double, and both halves."""
    double = [x for a, b in zip(true, true[1:]) for x in (a, (a + b) / 2)] + true[-1:]
    return true, double[1::2], double, true[::2], true[1::2]


def correct(true, found, limit=0.175):
    """Share of beats near the closest annotation, with a matching interval."""
    used, hits = set(), 0
    for m, beat in enumerate(found):
        near = min(range(len(true)), key=lambda k: abs(true[k] - beat))
        if near in used:
            continue
        ahead = m == 0 or near == 0
        k = near + 1 if ahead and near + 1 < len(true) else near
        n = m + 1 if ahead and m + 1 < len(found) else m
        gap, own = true[k] - true[k - 1], found[n] - found[n - 1]
        if gap > 0 and abs(true[near] - beat) / gap < limit and abs(1 - own / gap) < limit:
            used.add(near)
            hits += 1
    return hits / max(len(true), len(found))


def amlt(true, found):
    """Correct beats at whichever metrical level fits best."""
    if len(true) < 2 or len(found) < 2:
        return 0.0
    return max(correct(level, found) for level in levels(true) if len(level) > 1)


def median_tempo(beats):
    """Beats a minute; 0 for fewer than two beats."""
    gaps = sorted(b - a for a, b in zip(beats, beats[1:]))
    return 60 / gaps[len(gaps) // 2] if gaps and gaps[len(gaps) // 2] > 0 else 0.0


def corrected_bars(track, audit):
    """Annotated bar starts as the audit has them; None where they are not trusted."""
    if track["file"] in audit.get("unscored", []):
        return None
    if track["file"] not in audit.get("shifted", []):
        return track["downbeats"]
    old = set(track["downbeats"])
    return [b for a, b in zip(track["beats"], track["beats"][1:]) if a in old]
