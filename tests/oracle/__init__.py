"""The read-back oracle: a text drawing in, what a reader of it sees out.

It imports nothing of erdgen and knows nothing of how a drawing is made: it has the characters
alone. `read_drawing` reads boxes, lines, labels and lists and reports every fault; `read_truth`
reads a model file by itself; `judge` says what is missing or wrong.
"""

from tests.oracle.judge import Verdict, judge
from tests.oracle.reader import read_drawing
from tests.oracle.reading import Fault, Reading
from tests.oracle.truth import Truth, read_truth

__all__ = ["Fault", "Reading", "Truth", "Verdict", "judge", "read_drawing", "read_truth"]
