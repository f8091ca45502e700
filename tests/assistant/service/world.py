"""A workspace for tests: documents are text files, the engine proposes the words it is told to look for."""

from __future__ import annotations

from pathlib import Path

from assistant.access import Person
from assistant.config import Settings
from assistant.models import Framework, Site
from assistant.service import AddResult, FindingView, RunSummary, Service
from tests.assistant.service.scripted import SITE, TODAY, FakeReader, ScriptedEngine, framework

ANA = Person(name="Ana Ruiz")
DRILLS = "Drills were held in March."
WATER = "We monitor water every month."


class World:
    """A workspace in `folder`; `open` opens it as another process would."""

    def __init__(self, folder: Path, url: str = "", framework_: Framework | None = None) -> None:
        self.folder = folder
        self.workspace = folder / "workspace"
        self.files = folder / "files-to-add"
        self.files.mkdir()
        self.url = url
        self.catalogue = folder / "framework.json"
        self.use(framework_ or framework())
        self.engine = ScriptedEngine()
        self.reader = FakeReader()
        self.service = Service.create(
            self.workspace,
            SITE,
            str(self.catalogue),
            ANA,
            settings=self.settings(),
            engine_factory=lambda settings: self.engine,
            reader=self.reader,
        )
        self._opened = [self.service]

    def settings(self) -> Settings:
        return Settings(workspace=self.workspace, database=self.url, today=TODAY)

    def use(self, catalogue: Framework) -> None:
        """Replace the framework's file."""
        self.catalogue.write_text(catalogue.model_dump_json(), encoding="utf-8")

    def open(self, person: Person | None = ANA) -> Service:
        opened = Service.open(
            self.workspace,
            person,
            settings=self.settings(),
            engine_factory=lambda settings: self.engine,
            reader=self.reader,
        )
        self._opened.append(opened)
        return opened

    def file(self, name: str, *pages: str) -> Path:
        path = self.files / name
        path.write_text("\f".join(pages), encoding="utf-8")
        return path

    def add(self, name: str, *pages: str) -> AddResult:
        [result] = self.service.add([self.file(name, *pages)])
        return result

    def match(self, **words: str) -> RunSummary:
        """Match with an engine that looks for these words; `a1="…"` is requirement 1.a."""
        self.engine.words = {f"{name[1:]}.{name[0]}": tuple(text.split("|")) for name, text in words.items()}
        self.engine.models = {"judge": repr(sorted(words.items()))}
        return self.service.match()

    def finding(self, requirement_id: str) -> FindingView:
        return next(view for view in self.service.findings() if view.requirement.id == requirement_id)

    def decide(self, requirement_id: str, verdict: str = "confirmed", reason: str = "", which: int = 0) -> int:
        """Decide on a piece of evidence; the decision's id."""
        item = self.finding(requirement_id).evidence[which].evidence
        return self.service.decide("evidence", item.key, requirement_id, verdict, reason).id

    def change_site(self, site: Site) -> None:
        self.service.change_site(site)

    def close(self) -> None:
        for service in self._opened:
            service.close()
