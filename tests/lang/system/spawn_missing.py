# A program that is not there (qemu-user cannot report that of posix_spawn).
import subprocess

try:
    subprocess.run(["/nonexistent/program"])
except FileNotFoundError as e:
    print(e)
