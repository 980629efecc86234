"""What strangers, broken servers and killed processes do to an archive, done on loopback only.

    make torture                 every case, under ten minutes
    python -m torture --quick    what runs in the test suite, under one minute
    python -m torture NAME …     cases whose name holds one of these words

Each case prints what was sent, what was seen, and that the articles beside it were indexed.
"""
