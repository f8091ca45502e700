"""Decisions and ratings as rows: they are added, never changed. What they mean is for `assistant.review`."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.errors import DecisionError
from assistant.models import Evidence, Gap, Rating, Verdict
from assistant.store import chain, tables
from assistant.store.columns import moment_text, now
from assistant.store.database import Database
from assistant.store.records import EventKind, RecordedDecision

Target = Literal["evidence", "gap"]


class Decisions:
    """The decisions and ratings of one record."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(
        self,
        *,
        target: Target,
        key: str,
        requirement_id: str,
        verdict: Verdict,
        reason: str,
        person: str,
        run_id: int | None,
        wording: str,
        proposal: Evidence | Gap | None,
        undoes: int | None = None,
    ) -> RecordedDecision:
        """Add a decision and its event in one transaction.

        Raises `DecisionError` when it undoes a decision that was withdrawn already.
        """
        at = now()
        values = {
            "target": target,
            "key": key,
            "requirement_id": requirement_id,
            "verdict": verdict.value,
            "reason": reason,
            "person": person,
            "run_id": run_id,
            "undoes": undoes,
            "wording": wording,
            "proposal": {} if proposal is None else proposal.model_dump(mode="json"),
        }
        try:
            with self.database.write() as connection:
                number = connection.scalar(
                    insert(tables.decision).values(**values, at=at).returning(tables.decision.c.id)
                )
                payload = {"id": number, **values, "at": moment_text(at)}
                chain.append(connection, EventKind.DECISION, requirement_id, payload, person, at)
        except IntegrityError as error:
            raise DecisionError(f"Decision {undoes} was withdrawn already; decide again to change it.") from error
        return decision_from({"id": number, **values, "at": at})

    def all(self, requirement_id: str | None = None) -> list[RecordedDecision]:
        """Every decision, or those on one requirement, in the order they were made."""
        query = select(tables.decision).order_by(tables.decision.c.id)
        if requirement_id is not None:
            query = query.where(tables.decision.c.requirement_id == requirement_id)
        with self.database.read() as connection:
            return [decision_from(dict(row)) for row in connection.execute(query).mappings()]

    def get(self, decision_id: int) -> RecordedDecision | None:
        """One decision, or `None`."""
        query = select(tables.decision).where(tables.decision.c.id == decision_id)
        with self.database.read() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else decision_from(dict(row))

    def rate(self, *, criterion_id: str, rating: str, rationale: str, person: str) -> Rating:
        """Add a rating and its event in one transaction."""
        at = now()
        values = {"criterion_id": criterion_id, "rating": rating, "rationale": rationale, "person": person}
        with self.database.write() as connection:
            number = connection.scalar(insert(tables.rating).values(**values, at=at).returning(tables.rating.c.id))
            payload = {"id": number, **values, "at": moment_text(at)}
            chain.append(connection, EventKind.RATING, criterion_id, payload, person, at)
        return Rating.model_validate({"id": number, **values, "at": at})

    def ratings(self) -> list[Rating]:
        """Every rating in the order they were given; the latest of a criterion counts."""
        with self.database.read() as connection:
            rows: list[Row[Any]] = list(connection.execute(select(tables.rating).order_by(tables.rating.c.id)))
        return [Rating.model_validate(dict(row._mapping)) for row in rows]


def decision_from(row: dict[str, Any]) -> RecordedDecision:
    """A decision from its row or its event; the proposal is evidence or a gap, as the target says."""
    proposal = row["proposal"] or None
    if proposal is not None:
        proposal = (Evidence if row["target"] == "evidence" else Gap).model_validate(proposal)
    return RecordedDecision.model_validate({**row, "proposal": proposal})
