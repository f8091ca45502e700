import numpy as np

from assistant.judge.kinds import KINDS, decided
from assistant.models import EvidenceKind


def kind(**probabilities: float) -> EvidenceKind:
    row = np.asarray([[probabilities.get(kind.value, 0.0) for kind in KINDS]])
    return KINDS[int(decided(row)[0])]


def test_of_kinds_that_are_nearly_as_probable_the_weaker_claim_counts() -> None:
    assert kind(procedure=0.43, assurance=0.44) is EvidenceKind.PROCEDURE
    assert kind(commitment=0.36, record=0.4) is EvidenceKind.COMMITMENT


def test_a_kind_that_is_clearly_more_probable_is_decided_on() -> None:
    assert kind(procedure=0.3, assurance=0.6) is EvidenceKind.ASSURANCE
    assert kind(procedure=0.6, assurance=0.3) is EvidenceKind.PROCEDURE
