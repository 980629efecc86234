"""News digests: files that people get and keep, into items and links.

`read_digest` reads one file of any shape (plain text, Markdown, HTML newsletter, mail, list of
addresses, CSV); `find_digests` finds files; `links_of` makes the links that a run fetches;
`read_json` is an item as `dateline read --json` prints it.
"""

from .model import Digest
from .read import NoSuchDigest, find_digests, links_of, read_digest, read_json

__all__ = ["Digest", "NoSuchDigest", "find_digests", "links_of", "read_digest", "read_json"]
