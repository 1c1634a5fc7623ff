"""Runs generated programs one after the other and prints what each printed.

usage: driver.py FILE    (programs are separated by lines `#====`)
"""
import io
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        programs = f.read().split("\n#====\n")
    real = sys.stdout
    for number, text in enumerate(programs):
        out = io.StringIO()
        sys.stdout = out
        try:
            exec(compile(text, "<program>", "exec"), {"__name__": "__main__"})
        except BaseException as e:
            out.write(f"!! {type(e).__name__}: {e}\n")
        finally:
            sys.stdout = real
        text = out.getvalue().encode("utf-8", "backslashreplace").decode()
        real.write(f"#== {number}\n{text}")
        real.flush()


main()
