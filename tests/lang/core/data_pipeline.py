rows = """id,name,dept,salary
1,Ann,eng,100
2,Bob,ops,80
3,Cyd,eng,120
4,Dan,ops,95
5,Eve,hr,70"""
header, *lines = rows.split("\n")
cols = header.split(",")
recs = [dict(zip(cols, l.split(","))) for l in lines]
for r in recs: r["salary"] = int(r["salary"])
by = {}
for r in recs: by.setdefault(r["dept"], []).append(r)
for d in sorted(by):
    s = [r["salary"] for r in by[d]]
    print(f"{d:<5}{len(s):>3}{sum(s) / len(s):>8.2f} {min(s)}-{max(s)}")
print(sorted(recs, key=lambda r: (r["dept"], -r["salary"]))[0]["name"], [r["name"] for r in recs if r["salary"] > 90])
def pipe(src, *stages):
    for s in stages: src = s(src)
    return src
print(pipe(range(20), lambda s: (x for x in s if x % 3 == 0), lambda s: (x * x for x in s), list, sum))
def batched(it, n):
    b = []
    for x in it:
        b.append(x)
        if len(b) == n: yield tuple(b); b.clear()
    if b: yield tuple(b)
print(list(batched("abcdefg", 3)))
def window(seq, n): return [seq[i:i + n] for i in range(len(seq) - n + 1)]
print(window([1, 2, 3, 4], 2), [a - b for b, a in window([1, 4, 9, 16], 2)])
words = "it was the best of times it was the worst of times".split()
nxt = {}
for a, b in zip(words, words[1:]): nxt.setdefault(a, []).append(b)
print({k: v for k, v in sorted(nxt.items()) if len(v) > 1})
