# Attributes that are fields of CPython's objects are member descriptors, the others have getters.
import types
class P:
    @property
    def p(self): pass
class Q:
    __slots__ = ("slot",)
def f(): pass
for c, names in [(range, "start stop step"), (slice, "start stop step"), (complex, "real imag"), (int, "real imag"), (property, "fget fset fdel"),
                 (types.MethodType, "__func__ __self__"), (types.FunctionType, "__closure__ __globals__ __code__ __name__"),
                 (types.CodeType, "co_name co_argcount co_code co_flags"), (super, "__thisclass__ __self__"), (types.GenericAlias, "__origin__ __args__ __parameters__"),
                 (types.TracebackType, "tb_frame tb_lasti tb_lineno"), (types.GetSetDescriptorType, "__name__ __objclass__ __qualname__"), (types.MemberDescriptorType, "__name__ __objclass__"), (Q, "slot")]:
    for n in names.split():
        d = c.__dict__[n]
        print(n, type(d).__name__, d, d.__name__, d.__qualname__, d.__objclass__.__name__, types.ModuleType.__name__ and isinstance(d, types.MemberDescriptorType))
def try_(o, n):
    try: setattr(o, n, 1); print(n, "set")
    except Exception as e: print(n, type(e).__name__, e)
    try: delattr(o, n); print(n, "deleted")
    except Exception as e: print(n, type(e).__name__, e)
for o, names in [(range(3), "start count"), (slice(1), "stop indices"), (1j, "real conjugate"), (5, "real"), (P.p, "fget"), (P().__init__, "__self__"), ([].append, "__self__"), (f, "__globals__"), (f.__code__, "co_name co_code"), (list[int], "__args__"), (Q.slot, "__name__"), (int.real, "__objclass__"), (super(P, P()), "__self__"), (len, "__name__"), (type, "__mro__"), (P, "__mro__ __base__ __name__ __qualname__ __module__ __doc__ __bases__ __dict__")]:
    for n in names.split(): try_(o, n)
print(range.start.__get__(range(7, 9)), Q.slot.__get__(None, Q) is Q.slot)
try: range.start.__get__(5)
except TypeError as e: print(e)
