class VM:
    def __init__(self, code): self.code, self.stack, self.vars, self.pc, self.out = code, [], {}, 0, []
    def run(self, limit=100000):
        n = 0
        while self.pc < len(self.code):
            n += 1
            if n > limit: raise RuntimeError("limit")
            op, *a = self.code[self.pc]; self.pc += 1
            getattr(self, "op_" + op)(*a)
        return n
    def op_push(self, v): self.stack.append(v)
    def op_load(self, k): self.stack.append(self.vars[k])
    def op_store(self, k): self.vars[k] = self.stack.pop()
    def op_add(self): b = self.stack.pop(); self.stack[-1] += b
    def op_mul(self): b = self.stack.pop(); self.stack[-1] *= b
    def op_lt(self): b = self.stack.pop(); self.stack[-1] = self.stack[-1] < b
    def op_jz(self, t):
        if not self.stack.pop(): self.pc = t
    def op_jmp(self, t): self.pc = t
    def op_print(self): self.out.append(self.stack.pop())
prog = [("push", 0), ("store", "i"), ("push", 1), ("store", "p"),
        ("load", "i"), ("push", 30), ("lt",), ("jz", 18),
        ("load", "p"), ("push", 3), ("mul",), ("store", "p"),
        ("load", "i"), ("push", 1), ("add",), ("store", "i"), ("load", "p"), ("jmp", 19),
        ("jmp", 21), ("print",), ("jmp", 4), ("load", "p"), ("print",)]
vm = VM(prog); print(vm.run(), vm.out[:3], vm.out[-1], vm.vars)
for bad in [[("nope",)], [("load", "x")], [("add",)], [("jmp", 0)], [("push",)]]:
    try: VM(bad).run(100)
    except Exception as e: print(type(e).__name__, e)
def bf(src, inp=""):
    tape, p, i, out, st, jump = [0] * 100, 0, 0, [], [], {}
    for k, c in enumerate(src):
        if c == "[": st.append(k)
        elif c == "]": jump[k] = st.pop(); jump[jump[k]] = k
    while i < len(src):
        match src[i]:
            case ">": p += 1
            case "<": p -= 1
            case "+": tape[p] = (tape[p] + 1) % 256
            case "-": tape[p] = (tape[p] - 1) % 256
            case ".": out.append(chr(tape[p]))
            case "[" if not tape[p]: i = jump[i]
            case "]" if tape[p]: i = jump[i]
        i += 1
    return "".join(out)
print(bf("++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+."))
