# Source in an encoding that a codec of the library reads.
source = "# coding: koi8-r\nx = \"\u0442\u0435\u0441\u0442\"\n".encode("koi8-r")
space = {}
exec(compile(source, "koi", "exec"), space)
print(ascii(space["x"]))
try:
    compile(b"# coding: nonsense\n", "n", "exec")
except SyntaxError as e:
    print(e.msg)
