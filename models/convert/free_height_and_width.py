"""Free the height and width of an ONNX model's input and outputs, so that it takes pictures of other sizes too.

usage: free_height_and_width.py in.onnx out.onnx SIDE
A fixed dimension (field 1, a number of two bytes) and a named one (field 2, a letter) are equally long, so the file is
changed in place. Only for models whose graph computes its sizes from its input, as U2-Net's does. Python 3.11 alone.
"""
import sys
from pathlib import Path


def dimension(side):
    assert 128 <= side < 16384, "a side of two bytes"
    return b"\n\x03\x08" + bytes([side & 127 | 128, side >> 7])


def free(content, side):
    square = dimension(side) * 2
    assert square in content, f"nothing is {side} by {side}"
    return content.replace(square, b"\n\x03\x12\x01h\n\x03\x12\x01w")


if __name__ == "__main__":
    source, target, side = sys.argv[1:]
    Path(target).write_bytes(free(Path(source).read_bytes(), int(side)))
