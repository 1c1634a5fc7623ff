import mmap, struct, re, math, typing, types, asyncio
m = mmap.mmap(-1, 16)
struct.pack_into("<I", m, 4, 0x01020304)
print(m[4:8])
for target in (b" " * 8, memoryview(bytearray(8))[::2], memoryview(b" " * 8)):
    try: struct.pack_into("<I", target, 0, 1)
    except TypeError as e: print("TypeError")
print(bool(re.match("\ufb05", "\ufb06", re.I)), bool(re.match("[\ufb04-\ufb05]", "\ufb06", re.I)))
print(math.nextafter(-0.0, 0.0), math.nextafter(0.0, -0.0), math.nextafter(0.0, -0.0, steps=0))
e = ImportError("test", name="name", path="path")
e.__init__()
print(e.args, e.msg, e.name, e.path)
print(typing.ParamSpec("P", bound=[int, str]).__bound__)
ns = {}
exec("from typing import TypeVar; T = TypeVar('T')", ns)
print(ns["T"].__module__)
try: typing.Union()
except TypeError as x: print(x)
try: object.__new__(list)
except TypeError as x: print(x)
async def main():
    messages = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: messages.append(context["message"]))
    def connected(reader, writer): raise ValueError("no")
    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    print(await reader.read(), messages)
    writer.close()
    server.close()
asyncio.run(main())
