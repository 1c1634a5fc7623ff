"""Compression in Python: LZ77 with a hash of triples, Huffman coding over it, and back."""

import heapq
import random


def lz77(data, window=4096, longest=66):
    """Literals are ints, matches are (length, distance)."""
    out = []
    heads = {}
    position, end = 0, len(data)
    while position < end:
        best, at = 0, 0
        key = data[position:position + 3]
        candidates = heads.get(key)
        if candidates is not None and len(key) == 3:
            for candidate in candidates[-8:]:
                if position - candidate > window:
                    continue
                length = 3
                most = min(longest, end - position)
                while length < most and data[candidate + length] == data[position + length]:
                    length += 1
                if length > best:
                    best, at = length, candidate
        step = best if best >= 3 else 1
        out.append((best, position - at) if best >= 3 else data[position])
        for index in range(position, min(position + step, end - 2)):
            heads.setdefault(data[index:index + 3], []).append(index)
        position += step
    return out


def expand(symbols):
    out = bytearray()
    for symbol in symbols:
        if isinstance(symbol, int):
            out.append(symbol)
        else:
            length, distance = symbol
            for _ in range(length):
                out.append(out[-distance])
    return bytes(out)


def huffman(symbols):
    counts = {}
    for symbol in symbols:
        counts[symbol] = counts.get(symbol, 0) + 1
    heap = [(count, index, [symbol]) for index, (symbol, count) in enumerate(counts.items())]
    codes = dict.fromkeys(counts, "")
    heapq.heapify(heap)
    serial = len(heap)
    while len(heap) > 1:
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        for symbol in a[2]:
            codes[symbol] = "0" + codes[symbol]
        for symbol in b[2]:
            codes[symbol] = "1" + codes[symbol]
        heapq.heappush(heap, (a[0] + b[0], serial, a[2] + b[2]))
        serial += 1
    return codes


def decode(bits, codes):
    table = {code: symbol for symbol, code in codes.items()}
    out = []
    code = ""
    for bit in bits:
        code += bit
        if code in table:
            out.append(table[code])
            code = ""
    return out


def text(size, rng):
    words = [bytes(97 + int(rng.random() * 26) for _ in range(2 + int(rng.random() * 8))) for _ in range(600)]
    out = bytearray()
    while len(out) < size:
        out += words[int(600 * rng.random() ** 2)] + b" "
    return bytes(out[:size])


def run():
    data = text(150000, random.Random(37))
    symbols = lz77(data)
    flat = [symbol if isinstance(symbol, int) else 256 + symbol[0] for symbol in symbols]
    codes = huffman(flat)
    bits = "".join([codes[symbol] for symbol in flat])
    checked = decode(bits, codes) == flat and expand(symbols) == data
    return checked, len(symbols), len(bits), len(codes), sum(data)


EXPECTED = (True, 49033, 243870, 46, 14646437)

if __name__ == "__main__":
    print(run())
