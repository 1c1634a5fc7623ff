import operator as op
class Sym(str): pass
def tok(s): return s.replace("(", " ( ").replace(")", " ) ").replace("'", " ' ").split()
def parse(ts):
    t = ts.pop(0)
    if t == "(":
        l = []
        while ts[0] != ")": l.append(parse(ts))
        ts.pop(0); return l
    if t == "'": return [Sym("quote"), parse(ts)]
    if t == ")": raise SyntaxError("unexpected )")
    for f in (int, float):
        try: return f(t)
        except ValueError: pass
    return {"#t": True, "#f": False}.get(t, Sym(t))
class Env(dict):
    def __init__(self, names=(), vals=(), outer=None): super().__init__(zip(names, vals)); self.outer = outer
    def find(self, k):
        e = self
        while e is not None:
            if k in e: return e
            e = e.outer
        raise NameError(k)
class Lam:
    def __init__(self, ps, body, env): self.ps, self.body, self.env = ps, body, env
    def __call__(self, *a): return ev(self.body, Env(self.ps, a, self.env))
def ev(x, env):
    while True:
        if isinstance(x, Sym): return env.find(x)[x]
        if not isinstance(x, list): return x
        h = x[0]
        if h == "quote": return x[1]
        if h == "if": x = x[2] if ev(x[1], env) is not False else x[3]; continue
        if h == "define":
            if isinstance(x[1], list): env[x[1][0]] = Lam(x[1][1:], [Sym("begin")] + x[2:], env)
            else: env[x[1]] = ev(x[2], env)
            return None
        if h == "set!": env.find(x[1])[x[1]] = ev(x[2], env); return None
        if h == "lambda": return Lam(x[1], [Sym("begin")] + x[2:], env)
        if h == "let": env = Env([b[0] for b in x[1]], [ev(b[1], env) for b in x[1]], env); x = [Sym("begin")] + x[2:]; continue
        if h == "begin":
            for y in x[1:-1]: ev(y, env)
            x = x[-1]; continue
        f, *a = [ev(y, env) for y in x]
        if isinstance(f, Lam): x, env = f.body, Env(f.ps, a, f.env); continue
        return f(*a)
G = Env()
G.update({"+": lambda *a: sum(a), "-": lambda a, *b: a - sum(b) if b else -a, "*": op.mul, "/": op.truediv, "<": op.lt, ">": op.gt, "=": op.eq, "car": lambda l: l[0], "cdr": lambda l: l[1:], "cons": lambda a, b: [a] + b, "list": lambda *a: list(a), "null?": lambda l: l == [], "mod": op.mod, "length": len, "map": lambda f, l: [f(x) for x in l]})
def show(v): return "(" + " ".join(map(show, v)) + ")" if isinstance(v, list) else {True: "#t", False: "#f"}[v] if isinstance(v, bool) else str(v)
def run(s):
    ts = tok(s)
    while ts:
        try: v = ev(parse(ts), G)
        except (NameError, TypeError, IndexError, ZeroDivisionError) as e: v = f"{type(e).__name__}: {e}"; 
        if v is not None: print(show(v))
run("""(define (fact n) (if (< n 2) 1 (* n (fact (- n 1))))) (fact 30)
(define (loop n acc) (if (= n 0) acc (loop (- n 1) (+ acc n)))) (loop 10000 0)
(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (map fib '(1 5 10 15))
(define (make-counter) (let ((n 0)) (lambda () (set! n (+ n 1)) n))) (define c (make-counter)) (c) (c) (list (c) (c))
(define (filter p l) (if (null? l) '() (if (p (car l)) (cons (car l) (filter p (cdr l))) (filter p (cdr l)))))
(filter (lambda (x) (= (mod x 2) 0)) '(1 2 3 4 5 6)) 'sym '(a (b c) 1.5 #t) (undefined) (car '()) (/ 1 0) ((lambda (x y) (+ x y)) 1 2) (+ 1 'a)
(define (compose f g) (lambda (x) (f (g x)))) ((compose fact length) '(1 2 3 4 5))""")
