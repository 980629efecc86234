"""Worker processes for what strangers wrote: each job has a time and a memory limit, and a process
that breaks one is killed and replaced while its neighbours go on.

Why ours: pebble has the same aim, and came through hangs, exits and memory; but its workers share
one pipe and one lock, and with workers killed by SIGKILL from outside at random the whole pool stood
still for good (5.2.3, measured). Here each worker has a socket of its own, so one that dies, at
whatever instruction, takes down nothing but its own job. Deadlines are monotonic: the wall clock
jumps. Processes are started afresh, not forked, and do not import the program's own main module,
which under Prefect takes seconds. POSIX only; the memory limit holds on Linux.
"""

from dateline.workers.pool import Workers, cores
from dateline.workers.process import WorkError, WorkersError

__all__ = ["WorkError", "Workers", "WorkersError", "cores"]
