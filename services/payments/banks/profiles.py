"""A bank is settings: what its file looks like, how it answers, and from which accounts it is paid.

One YAML file is one bank; services/payments/banks/README.md explains every key. Reading is strict:
an unknown key, a number where text is meant, a template that could not be read back or a result
layout that would miss a truncated file is refused with the file, the key and what was expected.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from services.payments.banks import line_templates
from services.payments.banks.layouts import Layout, ResultLayout, Words
from services.payments.banks.reasons import all_reasons

PAIN_001: Final = "pain.001.001.09"
DELIMITED: Final = "delimited"
BUILT_IN: Final = Path(__file__).with_name("profiles")

_SHORT_TEXT = Annotated[str, Field(min_length=1, max_length=140)]
_ACCOUNT = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{4,34}$")]


class ProfileUnreadable(Exception):
    """A bank's settings are wrong; the text names the file, the key and what was expected."""


class Names(Words):
    """What the bank is called."""

    zh: _SHORT_TEXT
    en: _SHORT_TEXT


class Payer(Words):
    """Who pays, and from which account each fund pays: one account a fund."""

    name: _SHORT_TEXT
    accounts: Annotated[dict[str, _ACCOUNT], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_account_a_fund(self) -> Self:
        if len(set(self.accounts.values())) != len(self.accounts):
            raise ValueError("two funds name one account; returns could not be told apart")
        return self


class Characters(Words):
    """What is done with characters the bank cannot take; see characters.py."""

    invisible: Literal["drop", "refuse"] = "drop"
    private_use: Literal["refuse", "pass"] = "refuse"
    substitute: dict[
        Annotated[str, Field(min_length=1, max_length=1)], Annotated[str, Field(max_length=4)]
    ] = Field(default_factory=dict)


class Agent(Words):
    """A bank as ISO 20022 names one: a BIC, or a member of a clearing system, or only a name."""

    bic: (
        Annotated[str, Field(pattern=r"^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$")] | None
    ) = None
    clearing_system: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,5}$")] | None = None
    member: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,35}$")] | None = None
    name: _SHORT_TEXT | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.bic or self.member or self.name):
            raise ValueError("an agent needs a bic, a member (with its clearing_system) or a name")
        if self.clearing_system and not self.member:
            raise ValueError("clearing_system without member names nobody")
        return self


class Payment(Words):
    """What a pain.001 of this bank carries beside the lines."""

    debtor_agent: Agent
    creditor_agent: Agent
    batch_booking: bool = False
    category_purpose: Annotated[str, Field(pattern=r"^[A-Z]{4}$")] | None = None
    charge_bearer: Literal["DEBT", "CRED", "SHAR", "SLEV"] | None = None


class _AnyProfile(Words):
    """What every bank states."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,15}$")]
    names: Names
    payer: Payer
    rows_max: Annotated[int, Field(ge=1, le=1_000_000)]
    remark_characters_max: Annotated[int, Field(ge=1, le=140)] = 10
    file_name: str = "{batch}.txt"
    characters: Characters = Characters()
    reasons: dict[str, str] = Field(default_factory=dict)
    """The bank's own reason codes, by ours (reasons.yaml)."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        unknown = sorted(set(self.reasons.values()) - set(all_reasons()))
        if unknown:
            raise ValueError(f"reasons: {unknown[0]!r} is not in reasons.yaml: {_known_reasons()}")
        name = line_templates.parse(self.file_name, line_templates.SENT)
        if "batch" not in name.names:
            raise ValueError("file_name must name {batch}: two files of a bank differ by it")
        if any(
            character in piece
            for piece in name.pieces
            if isinstance(piece, str)
            for character in "/\\\0"
        ):
            raise ValueError("file_name is a name, not a path")
        return self


class Iso20022Profile(_AnyProfile):
    """A bank that takes pain.001.001.09 and answers in ISO 20022 messages."""

    format: Literal["pain.001.001.09"]
    file_name: str = "{batch}.xml"
    payment: Payment
    answers: Annotated[
        tuple[
            Literal["pain.002.001.10", "camt.054.001.08", "camt.053.001.08", "pacs.004.001.09"], ...
        ],
        Field(min_length=1),
    ]


class DelimitedProfile(_AnyProfile):
    """A bank that takes lines of text: columns with a separator, or of fixed width."""

    format: Literal["delimited"]
    file: Layout
    results: Annotated[tuple[ResultLayout, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound_layouts(self) -> Self:
        self.file.check_sent()
        kinds = [result.kind for result in self.results]
        if "answer" not in kinds:
            raise ValueError("results: none is the answer to a file (kind: answer)")
        for index, result in enumerate(self.results):
            try:
                result.check_answered(self.file, set(all_reasons()))
            except ValueError as problem:
                raise ValueError(f"results.{index}.{problem}") from problem
        return self

    def result_layouts(self) -> tuple[tuple[ResultLayout, Layout], ...]:
        """Each result's words with its layout, what it leaves unsaid taken from the file's."""
        return tuple((result, result.layout(self.file)) for result in self.results)


Profile = Iso20022Profile | DelimitedProfile

_READER: Final[TypeAdapter[Profile]] = TypeAdapter(
    Annotated[Profile, Field(discriminator="format")]
)


def load_profiles(folder: Path | None = None) -> Mapping[str, Profile]:
    """Every bank by its code: the built-in ones and those of a folder outside the source tree.

    A file there with a code known here replaces it.

    Raises:
        ProfileUnreadable: a file is wrong, two files of one folder name one bank, or the folder is
            missing.
    """
    banks = _read_folder(BUILT_IN)
    if folder is not None:
        banks |= _read_folder(folder)
    return MappingProxyType(banks)


def load_profile(path: Path) -> Profile:
    """One bank's settings.

    Raises:
        ProfileUnreadable: the file is missing or wrong.
    """
    try:
        words = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 # A SafeLoader, below.
        return _READER.validate_json(json.dumps(words))
    except ValidationError as problems:
        told = "; ".join(_told(problem, words) for problem in problems.errors()[:5])
        raise ProfileUnreadable(f"{path.name}: {told}") from problems
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise ProfileUnreadable(f"{path.name}: {problem}") from problem
    except TypeError as problem:  # json: a date, a set or a key YAML made of unquoted text
        raise ProfileUnreadable(
            f"{path.name}: {problem}; write dates and codes in quotes"
        ) from problem


def _read_folder(folder: Path) -> dict[str, Profile]:
    if not folder.is_dir():
        raise ProfileUnreadable(f"{folder}: there is no such folder of bank profiles")
    banks: dict[str, Profile] = {}
    for path in sorted(folder.glob("*.yaml")):
        profile = load_profile(path)
        if profile.code in banks:
            raise ProfileUnreadable(
                f"{path.name}: code {profile.code!r} stands in another file too"
            )
        banks[profile.code] = profile
    return banks


def _told(problem: Any, words: Any) -> str:
    """One problem as key and words; a number in place of text gets the usual cure."""
    place = [str(step) for step in problem["loc"] if step not in (PAIN_001, DELIMITED)]
    message = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "string_type":
        message += " (a code or account number is written in quotes, or YAML reads a number)"
    if problem["type"] == "extra_forbidden":
        message = "this key is not known here"
    if problem["type"] in ("union_tag_invalid", "union_tag_not_found"):
        place, message = ["format"], f"must be {PAIN_001!r} or {DELIMITED!r}"
    if problem["type"] == "literal_error":
        message += f", not {str(problem['input'])[:40]!r}"
    return f"{'.'.join(place) or 'the file'}: {message}"


def _known_reasons() -> str:
    return ", ".join(sorted(all_reasons()))


class _StrictLoader(yaml.SafeLoader):
    """YAML without its surprises: a key may stand once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None,
                    None,
                    f"the key {key!r} is not text: write it in quotes",
                    key_node.start_mark,
                )
            seen.add(key)
        return super().construct_mapping(node, deep)
