"""All cases: importing their modules puts them on the list."""

from torture import addresses, asking, bodies, crashes, disks, doors, stores, values  # noqa: F401
from torture.case import CASES

__all__ = ["CASES"]
