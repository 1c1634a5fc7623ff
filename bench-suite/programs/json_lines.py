"""JSON lines: parse records, reshape them, group them, write them again."""

import json
import random


def records(count, rng):
    lines = []
    for number in range(count):
        record = {
            "id": number,
            "name": "caf\u00e9 %d" % (number % 97),
            "tags": ["t%d" % int(rng.random() * 40) for _ in range(int(rng.random() * 5))],
            "position": {"x": round(rng.random() * 100, 3), "y": round(rng.random() * 100, 3)},
            "active": number % 3 != 0,
            "note": None if number % 4 else 'line\n"%d"\t\\' % number,
        }
        lines.append(json.dumps(record))
    return lines


def reshape(lines):
    by_tag = {}
    skipped = 0
    out = []
    for line in lines:
        record = json.loads(line)
        if not record["active"]:
            skipped += 1
            continue
        x, y = record["position"]["x"], record["position"]["y"]
        for tag in record["tags"]:
            entry = by_tag.setdefault(tag, {"count": 0, "x": 0.0, "names": {}})
            entry["count"] += 1
            entry["x"] += x
            entry["names"][record["name"]] = entry["names"].get(record["name"], 0) + 1
        record["quadrant"] = ("n" if y > 50 else "s") + ("e" if x > 50 else "w")
        del record["position"]
        out.append(json.dumps(record, ensure_ascii=False, sort_keys=True))
    summary = {
        tag: [entry["count"], round(entry["x"] / entry["count"], 6), len(entry["names"])]
        for tag, entry in sorted(by_tag.items())
    }
    return skipped, sum(map(len, out)), out[7], json.dumps(summary)[:200]


def run():
    return reshape(records(15000, random.Random(5)))


EXPECTED = (
    5000, 1070666,
    '{"active": true, "id": 11, "name": "café 11", "note": null, "quadrant": "se", "tags": ["t0", "t29", '
    '"t33", "t0"]}',
    '{"t0": [478, 50.20763, 97], "t1": [521, 48.379737, 97], "t10": [522, 48.250908, 97], "t11": [466, '
    '51.018135, 96], "t12": [539, 48.726748, 97], "t13": [499, 51.018269, 94], "t14": [506, 49.295753, 96],',
)

if __name__ == "__main__":
    print(run())
