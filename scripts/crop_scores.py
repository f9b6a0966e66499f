"""How crops are scored: what of a subject's box the film shows, with nothing but the standard library."""
from bisect import bisect_right


def part_shown(boxes, crop):
    """Mean share of the boxes, [x, y, width, height], that lies in the crop."""
    shares = []
    for box in boxes:
        sides = [max(0.0, min(box[k] + box[k + 2], crop[k] + crop[k + 2]) - max(box[k], crop[k])) for k in (0, 1)]
        shares.append(sides[0] * sides[1] / (box[2] * box[3]))
    return sum(shares) / len(shares)


def most_shown(boxes, size):
    """The same for the best crop of that size: one of its edges lies on an edge of a box."""
    places = []
    for k in (0, 1):
        edges = {edge for box in boxes for edge in (box[k], box[k] + box[k + 2])}
        places.append({min(max(place, 0.0), 1 - size[k]) for edge in edges for place in (edge, edge - size[k])})
    return max(part_shown(boxes, [x, y, *size]) for x in places[0] for y in places[1])


def subject_shown(photo, crop, size):
    """Share of a photo's subject that a crop shows, over the most that one of that size can."""
    groups = [[box] for box in photo["boxes"]] if photo["mode"] == "any" else [photo["boxes"]]
    return max(min(1.0, part_shown(boxes, crop) / most_shown(boxes, size)) for boxes in groups)


def crop_size(aspect, width, height):
    """[width, height] of the largest crop of that aspect, as shares of the picture."""
    across, down = map(int, aspect.split(":"))
    share = across / down * height / width
    return [min(share, 1.0), min(1 / share, 1.0)]


def first_and_last(segment):
    """The crops of a photo's segment in its first and last moment, its push counted."""
    push = max((abs(e.get("amount", 0.0)) for e in segment.get("effects", []) if e["kind"] == "slow_push"), default=0.0)
    x, y, width, height = segment["crop"][0][1:]
    kept = 1 / (1 + push)
    closer = [x + width * (1 - kept) / 2, y + height * (1 - kept) / 2, width * kept, height * kept]
    return [[x, y, width, height], closer]


def crop_at(path, time):
    """A crop path at a time: straight between its points, held at the ends."""
    after = bisect_right([point[0] for point in path], time)
    if after in (0, len(path)):
        return path[min(after, len(path) - 1)][1:]
    a, b = path[after - 1], path[after]
    share = (time - a[0]) / (b[0] - a[0])
    return [x + (y - x) * share for x, y in zip(a[1:], b[1:])]


def clip_row(clip, segments):
    """(share of frames with the subject's middle in the crop, mean share of its box, jitter). `segments` are lists of
    start, end and crop path. Jitter is the mean second difference of the crop's middle, in widths of the picture."""
    wide, high, rate = clip["width"], clip["height"], clip["fps"]
    inside, shown, bends = [], [], []
    for start, end, path in segments:
        middles = []
        for frame, largest in enumerate(clip["boxes"]):
            if not start - 1e-6 <= frame / rate < end - 1e-6:
                continue
            x, y, width, height = crop_at(path, frame / rate)
            crop = [x * wide, y * high, width * wide, height * high]
            middles.append((x + width / 2, y + height / 2))
            boxes = [largest]
            if "accept any" in clip.get("note", ""):
                boxes += [[*box, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2] for box in clip["others"][frame]]
            holds = lambda box: crop[0] <= box[4] <= crop[0] + crop[2] and crop[1] <= box[5] <= crop[1] + crop[3]
            inside.append(any(map(holds, boxes)))
            shown.append(max(part_shown([[x0, y0, x1 - x0, y1 - y0]], crop) for x0, y0, x1, y1, *_ in boxes))
        bends += [abs(a[0] - 2 * b[0] + c[0]) + abs(a[1] - 2 * b[1] + c[1])
                  for a, b, c in zip(middles, middles[1:], middles[2:])]
    mean = lambda values: sum(values) / len(values) if values else 0.0
    return mean(inside), mean(shown), mean(bends)
