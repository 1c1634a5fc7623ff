# The event loop over epoll: tasks, streams, subprocesses, signals, threads.
import asyncio
import os
import signal
import sys


async def number(n):
    await asyncio.sleep(0.001 * (5 - n))
    return n


async def echo(reader, writer):
    data = await reader.readline()
    writer.write(b"echo " + data)
    await writer.drain()
    writer.close()


async def main():
    print(await asyncio.gather(*(number(i) for i in range(5))))
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    except TimeoutError:
        print("timeout")
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"line\n")
        print(await reader.read())
        writer.close()
        await writer.wait_closed()
    p = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "print(input()[::-1])",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print(await p.communicate(b"abc\n"), p.returncode)
    done = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, done.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.wait_for(done.wait(), 5)
    print("signal")
    print(await asyncio.to_thread(sum, [1, 2, 3]))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(number(i)) for i in (1, 2)]
    print([t.result() for t in tasks])
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(10))
            group.create_task(fail())
    except* ZeroDivisionError as e:
        print(repr(e.exceptions))
    return "done"


async def fail():
    1 / 0


print(asyncio.run(main()))
