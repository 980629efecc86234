"""What the disk cases do, on a disk of 3 MB mounted at the folder given: python -m torture.smalldisk WHAT FOLDER."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from dateline.archive import Archive
from dateline.warc import ArchiveError
from torture.disks import a_page


def archive(folder: Path, ballast: Path) -> None:
    writing = Archive(folder / "archive")
    places = []
    said = ""
    for number in range(2000):
        try:
            places.append(writing.write(a_page(number)))
            writing.flush()
        except ArchiveError as error:
            said = str(error)
            break
    assert "No space left" in said and len(said.splitlines()) == 1, said
    print(f"after {len(places)} pages: {said}")
    ballast.unlink()
    later = [writing.write(a_page(number)) for number in range(5000, 5010)]
    writing.close()
    back = Archive(folder / "archive")
    for number, place in [*enumerate(places), *zip(range(5000, 5010), later, strict=True)]:
        assert back.read(place).body == a_page(number).body
    assert sum(1 for _ in back.scan()) == len(places) + 10
    print(f"room again: it goes on by itself, {len(places)} + 10 pages read back, no half record")
    print(f"neighbours: {len(places)} of {len(places)} pages from before are whole")


def journal(folder: Path, ballast: Path) -> None:
    from dateline.journal import Journal, JournalUnavailable
    from tests.journal_samples import done, link

    with Journal(f"sqlite:///{folder / 'journal.sqlite'}") as book:
        run = book.begin_run("torture", {})
        said, count = "", 0
        for start in range(0, 100_000, 200):
            try:
                book.expect(run, [link(n) for n in range(start, start + 200)])
                count += 200
            except JournalUnavailable as error:
                said = str(error)
                break
        assert "full" in said and len(said.splitlines()) == 1, said
        print(f"after {count} links: {said}")
        ballast.unlink()
        assert len(book.pending(run)) == count
        book.expect(run, [link(n) for n in range(start, start + 20)])
        book.record(run, [done(n) for n in range(count + 20)])
        summary = book.end_run(run)
        assert summary.links == count + 20 and not summary.pending
    print(f"room again: it goes on by itself, {count} + 20 links in, as many outcomes out")
    print(f"neighbours: {count} of {count} links from before stand")


def store(folder: Path, ballast: Path) -> None:
    import random

    from dateline.models import Article
    from dateline.stores.base import StoreUnavailable
    from dateline.stores.embedded import EmbeddedStore

    def made(number: int) -> list[Article]:
        chance = random.Random(number)
        words = " ".join(chance.randbytes(4).hex() for _ in range(3000))
        return [Article(article_id=f"a{number}-{n}", title="T", text=words + f" {n}") for n in range(4)]

    index = EmbeddedStore(folder / "index")
    said, count = "", 0
    for number in range(500):
        try:
            index.write(made(number))
            count += 4
        except StoreUnavailable as error:
            said = str(error)
            break
    assert said and len(said.splitlines()) == 1, said
    print(f"after {count} articles: {said[:160]}")
    assert EmbeddedStore(folder / "index").count() == count
    ballast.unlink()
    rows = index.write(made(number))
    assert {row.status for row in rows} == {"created"} and index.count() == count + 4, rows
    print(f"room again: the same batch is written, {count} + 4 articles")
    print(f"neighbours: {count} of {count} articles from before are there")


def readonly(folder: Path, ballast: Path) -> None:
    writing = Archive(folder / "archive")
    places = [writing.write(a_page(number)) for number in range(3)]
    writing.close()
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    try:
        Archive(folder / "archive").write(a_page(3))
        raise SystemExit("a read-only archive was written")
    except ArchiveError as error:
        assert "Read-only" in str(error), error
        print(str(error))
    assert [Archive(folder / "archive").read(place).status for place in places] == [200] * 3
    subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
    Archive(folder / "archive").write(a_page(3))
    print("writable again: it goes on by itself")
    print("neighbours: 3 of 3 pages from before are read meanwhile")


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(1_500_000))
    {"archive": archive, "journal": journal, "store": store, "readonly": readonly}[what](folder, ballast)


if __name__ == "__main__":
    main()
