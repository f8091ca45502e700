from collections import Counter

import pytest

from assistant.models import Status
from assistant.readiness import roll_up_counts

S, P, N, G, C, X = (
    Status.SUPPORTED, Status.PARTLY, Status.NEEDS_PERSON, Status.GAP, Status.CONTRADICTED, Status.NOT_APPLICABLE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], N),
        ([X, X], X),
        ([S, S, X], S),
        ([G, G, X], G),
        ([S, G], P),
        ([P, G], P),
        ([P, G, G], G),
        ([S, G, G, G], P),
        ([N, G], G),
        ([N, N, G], N),
        ([N, N, P], P),
        ([S, C], C),
        ([N, N], N),
    ],
)
def test_a_criterion_is_what_its_requirements_make_of_it(statuses: list[Status], expected: Status) -> None:
    assert roll_up_counts(Counter(statuses)) is expected
