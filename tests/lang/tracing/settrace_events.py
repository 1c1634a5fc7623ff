# Events of trace and profile functions.
import sys
ev=[]
def tr(f,e,a):
    ev.append((f.f_code.co_name,f.f_lineno-f.f_code.co_firstlineno,e))
    return tr
def g(n):
    for i in range(n):
        yield i
def f(x):
    y=x+1
    if y>2:
        y=3
    try:
        1/0
    except ZeroDivisionError:
        pass
    for z in g(2):
        y+=z
    return y
sys.settrace(tr)
f(1)
sys.settrace(None)
for e in ev: print(*e)
pr=[]
def p(f,e,a): pr.append((e, f.f_code.co_name, getattr(a,'__name__',None) if e[0]=='c' and e!='call' else None))
sys.setprofile(p)
len([1]); f(3)
sys.setprofile(None)
for e in pr: print(*e)
