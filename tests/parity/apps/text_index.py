import re, collections, itertools, string, textwrap, bisect
corpus = [f"Document {i}: " + " ".join(w for w, k in zip(itertools.cycle("the quick brown fox jumps over lazy dog while clever cats watch quietly from tall trees".split()), range(i % 17 + 5)) if (i * k) % 3) for i in range(200)]
class Index:
    STOP = frozenset("the a over from while".split()); word = re.compile(r"[a-z]+|\d+", re.I)
    def __init__(self): self.post = collections.defaultdict(dict); self.len = {}
    def add(self, i, text):
        ws = [m.group().lower() for m in self.word.finditer(text)]; self.len[i] = len(ws)
        for p, w in enumerate(ws):
            if w not in self.STOP: self.post[w].setdefault(i, []).append(p)
    def all(self, *ws): return sorted(set.intersection(*(set(self.post.get(w, ())) for w in ws)))
    def any(self, *ws): return sorted(set().union(*(self.post.get(w, ()) for w in ws)))
    def phrase(self, *ws): return [d for d in self.all(*ws) if any(all(p + k in self.post[w][d] for k, w in enumerate(ws)) for p in self.post[ws[0]][d])]
    def rank(self, *ws): return sorted(((round(sum(len(self.post[w].get(d, ())) / self.len[d] for w in ws if w in self.post), 6), d) for d in self.any(*ws)), key=lambda t: (-t[0], t[1]))[:5]
ix = Index()
for i, t in enumerate(corpus): ix.add(i, t)
print(len(ix.post), sorted(ix.post)[-8:], ix.all("fox", "dog")[:10], ix.phrase("quick", "brown")[:10], ix.rank("fox", "cats"), len(ix.any("trees", "tall")))
words = sorted(w for w in ix.post if w.isalpha()); print(words, words[bisect.bisect_left(words, "d"):bisect.bisect(words, "g")])
print(collections.Counter(itertools.chain.from_iterable(d.lower().split() for d in corpus)).most_common(4), textwrap.shorten(corpus[33], 40), textwrap.fill(corpus[50], 30))
table = str.maketrans(string.ascii_lowercase, string.ascii_lowercase[13:] + string.ascii_lowercase[:13]); print(corpus[7].translate(table), sum(map(len, corpus)), re.sub(r"\b(\w)(\w*)\b", lambda m: m[2] + m[1] + "ay", corpus[9]))
