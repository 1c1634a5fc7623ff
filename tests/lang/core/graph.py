g = {"A": ["B", "C"], "B": ["D"], "C": ["D", "E"], "D": ["F"], "E": ["F"], "F": []}
def bfs(s):
    seen, q, out = {s}, [s], []
    while q:
        n = q.pop(0); out.append(n)
        for m in g[n]:
            if m not in seen: seen.add(m); q.append(m)
    return out
def dfs(n, seen=None):
    seen = [] if seen is None else seen
    if n not in seen:
        seen.append(n)
        for m in g[n]: dfs(m, seen)
    return seen
def paths(a, b): return [[a]] if a == b else [[a] + p for n in g[a] for p in paths(n, b)]
print(bfs("A"), dfs("A"), paths("A", "F"))
def topo():
    indeg = {n: 0 for n in g}
    for ns in g.values():
        for n in ns: indeg[n] += 1
    ready, out = [n for n in g if not indeg[n]], []
    while ready:
        n = ready.pop(); out.append(n)
        for m in g[n]:
            indeg[m] -= 1
            if not indeg[m]: ready.append(m)
    return out
print(topo())
w = {(0, 1): 4, (0, 2): 1, (2, 1): 2, (1, 3): 5, (2, 3): 8}
def dijkstra(s, n):
    dist = [float("inf")] * n; dist[s] = 0; todo = set(range(n))
    while todo:
        u = min(todo, key=lambda x: (dist[x], x)); todo.remove(u)
        for (a, b), c in w.items():
            if a == u and dist[u] + c < dist[b]: dist[b] = dist[u] + c
    return dist
print(dijkstra(0, 5))
life = {(1, 0), (1, 1), (1, 2), (4, 4)}
for _ in range(4):
    n = {}
    for x, y in life:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy: n[x + dx, y + dy] = n.get((x + dx, y + dy), 0) + 1
    life = {p for p, c in n.items() if c == 3 or c == 2 and p in life}
    print(sorted(life))
