"""Settings: from the environment (`ASSAY_…`), then from `assay.toml` in the workspace, then the defaults.

Every setting stands in docs/settings.md; a test fails when one is missing there.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.errors import SettingsError

SETTINGS_FILE = "assay.toml"


class Settings(BaseSettings):
    """All settings of Assay; docs/settings.md says which of them change results."""

    model_config = SettingsConfigDict(env_prefix="ASSAY_", extra="ignore", frozen=True)

    workspace: Path = Field(Path("workspace"), description="Folder of the record, the originals and the index.")
    database: str = Field("", description="SQLAlchemy URL of the record; empty means assay.db in the workspace.")
    framework: str = Field("rra-v2", description="Built-in name, folder or file of the criteria.")
    person: str = Field("", description="Who signs decisions on the command line and, in local mode, in the pages.")
    role: str = Field("assessor", description="Role of that person: producer, assessor, reviewer or admin.")
    today: date | None = Field(None, description="Date on which validity is judged; empty means the current date.")
    workers: int = Field(2, ge=1, le=64, description="Files read at the same time.")
    ocr_languages: str = Field(
        "", description="Tesseract language codes joined by +; empty means all that are installed."
    )
    embedding: str = Field(
        "minilm", description="Passage embeddings: minilm, or any sentence-transformers name or folder."
    )
    sentence_embedding: str = Field(
        "use-multilingual",
        description="Sentence embeddings: use-multilingual, or as above if its vectors have 512 numbers.",
    )
    reranker: str = Field(
        "shipped",
        description="What reads the best candidates again: shipped, a sentence-transformers cross-encoder (name or "
        "folder), or nothing where empty.",
    )
    judge: str = Field("extractive", description="extractive, or provider:model of a LangChain chat model.")
    judge_base_url: str = Field("", description="Base URL of an OpenAI-compatible or Ollama server.")
    judge_api_key: SecretStr = Field(SecretStr(""), description="Key of the model server; never stored or printed.")
    judge_limit_tokens: int = Field(
        2_000_000, ge=0, description="Tokens a run may use before it stops asking the model."
    )
    judge_parallel: int = Field(4, ge=1, le=16, description="Questions to the language model under way at a time.")
    judge_price_in: float = Field(
        0.0, ge=0, description="Price of a million tokens that the model reads; 0 means unknown."
    )
    judge_price_out: float = Field(
        0.0, ge=0, description="Price of a million tokens that the model writes; 0 means unknown."
    )
    judge_method: str = Field("function_calling", description="How structured answers are asked for.")
    second_opinion: bool = Field(False, description="Judge with both judges and send disagreements to a person first.")
    refit: bool = Field(
        True, description="Fit calibration and thresholds again to the workspace's own decisions once there are enough."
    )
    learn_queries: bool = Field(
        True, description="Search by quotes that people confirmed as well, in other documents than their own."
    )
    shown: int = Field(6, ge=1, le=50, description="Pieces of evidence shown for a requirement.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what is passed in, which is the workspace's file."""
        return env_settings, init_settings


def load_settings(workspace: Path | None = None, **overrides: Any) -> Settings:
    """The settings for a workspace; `overrides` (command-line options) win over everything.

    Raises `SettingsError` with the name of the first setting that is wrong.
    """
    try:
        base = Settings()
        folder = workspace or base.workspace
        settings = Settings(**_from_file(folder / SETTINGS_FILE))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"Setting {name} (ASSAY_{name.upper()} or {SETTINGS_FILE}) has no usable value: {first['msg']}."
        ) from error
    given = {name: value for name, value in overrides.items() if value is not None}
    return settings.model_copy(update={"workspace": folder, **given})


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be parsed ({error}); mend or remove the file.") from error
    unknown = sorted(set(data) - set(Settings.model_fields))
    if unknown:
        raise SettingsError(
            f"{path}: unknown setting {unknown[0]}; the settings are {', '.join(Settings.model_fields)}."
        )
    return data
