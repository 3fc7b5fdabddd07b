"""Where the text leaves a choice: named policies with a default, alternatives, the article and the reason.

What they are is data (``core/data/policies.toml``); which setting holds is data too: the default, the finance
department's own ``policies.toml``, or a specific regulation (art. 1.4). Rules ask by name: ``policies["hours.bands"]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, RootModel, model_validator

from core.errors import FileProblem, InputError, NotAvailable
from core.paths import data_file
from core.reading import read
from core.records import Strict, Text, refuse


class FourLanguages(Strict):
    """A text for people in the four languages."""

    nl: Text
    fr: Text
    de: Text
    en: Text

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class Policy(Strict):
    """One choice: what it is about, the settings it can take, and why the default is what it is."""

    id: Text
    article: Text
    default: Text
    title: FourLanguages
    reason: FourLanguages
    settings: Mapping[str, FourLanguages]

    @model_validator(mode="after")
    def _default_is_a_setting(self) -> Policy:
        if self.default not in self.settings:
            raise refuse("setting_unknown", policy=self.id, value=self.default, known=", ".join(self.settings))
        return self

    @property
    def open(self) -> bool:
        """Whether there is an alternative to the default."""
        return len(self.settings) > 1


class _PolicyFile(Strict):
    policy: tuple[Policy, ...]


@cache
def known_policies() -> Mapping[str, Policy]:
    """Every policy by its name, in the order of the regulation's articles."""
    policies = read(data_file("policies.toml"), _PolicyFile).policy
    return {policy.id: policy for policy in policies}


def fault(policy: str, setting: str) -> tuple[str, dict[str, str]] | None:
    """What is wrong with a policy or its setting: the text that says so, and its details."""
    known = known_policies()
    if policy not in known:
        return "policy_unknown", {"value": policy, "known": ", ".join(known)}
    if setting not in known[policy].settings:
        return "setting_unknown", {"policy": policy, "value": setting, "known": ", ".join(known[policy].settings)}
    return None


def check_setting(policy: str, setting: str) -> None:
    """Refuses, inside a data file, a policy or a setting that does not exist."""
    if wrong := fault(policy, setting):
        raise refuse(wrong[0], at=policy, **wrong[1])


def _checked(settings: Mapping[str, str]) -> Mapping[str, str]:
    for policy, setting in settings.items():
        check_setting(policy, setting)
    return settings


class PolicySettings(RootModel[Annotated[Mapping[str, str], AfterValidator(_checked)]]):
    """The finance department's own settings: ``"hours.bands" = "start"``, a line a policy."""


class Policies(Mapping[str, str]):
    """The setting of every policy. While the file of settings is refused, open choices are not made for its owner."""

    def __init__(self, chosen: Mapping[str, str] | None = None, refused: FileProblem | None = None) -> None:
        known = known_policies()
        for policy, setting in (chosen or {}).items():
            if wrong := fault(policy, setting):
                raise InputError(wrong[0], **wrong[1])
        self._settings = {name: policy.default for name, policy in known.items()} | dict(chosen or {})
        self._refused = refused
        self._regulations: dict[str, str] = {}
        if refused:
            for name in (name for name, policy in known.items() if policy.open):
                del self._settings[name]

    def __getitem__(self, name: str) -> str:
        try:
            return self._settings[name]
        except KeyError:
            if self._refused and name in known_policies():
                raise NotAvailable("policy_suspended", policy=name, problem=self._refused) from None
            raise

    def __iter__(self) -> Iterator[str]:
        return iter(known_policies())

    def __len__(self) -> int:
        return len(known_policies())

    def with_settings(self, settings: Mapping[str, str], regulation: str = "") -> Policies:
        """These policies with some settings replaced, as a specific regulation may do (art. 1.4)."""
        changed = Policies(settings, self._refused)
        changed._settings = self._settings | dict(settings)
        changed._regulations = self._regulations | dict.fromkeys(settings, regulation)
        return changed

    def set_by(self, name: str) -> str:
        """The specific regulation that sets a policy, if one does."""
        return self._regulations.get(name, "")
