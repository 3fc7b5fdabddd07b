"""What a function of the catalogue is: name, arguments, how it is computed, what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.texts import text
from core.topics import topic
from core.trace import Steps
from core.units import Unit

if TYPE_CHECKING:
    from core.policies import Policies
    from core.rules.art_2_2_7_factors import Factors
    from core.tariff import Tariff
    from core.vocabulary import DayType
    from xl_addin.session import Session

Reader = Callable[[object, "Session"], object]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an argument takes: how it is read, and the group of codes it accepts, if any."""

    name: str
    read: Reader
    codes: str = ""
    takes_range: bool = False


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a function."""

    name: str
    kind: Kind
    required: bool = True

    @property
    def range(self) -> bool:
        """Whether it takes a whole range rather than one value a row."""
        return self.kind.takes_range


class Call:
    """One computation under way: the session, the steps recorded, and the policies that hold."""

    __slots__ = ("policies", "session", "steps")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.steps: Steps = []
        self.policies: Policies = session.rulebook.policies

    def tariff(self, day: date, regulation: str | None = None) -> Tariff:
        """The tariff in force on ``day``."""
        tariff = self.session.rulebook.tariff(day, regulation or "")
        self.policies = tariff.policies
        return tariff

    def factors(self, tariff: Tariff, site: str | None, day_type: DayType | None) -> Factors:
        """The factors at a site (the installation's own when none is given), or for a kind of day."""
        return self.session.rulebook.factors(tariff, site or self.session.site, day_type)

    def on(self, day: date | None) -> date:
        """The day asked for, or today; the regulation must be in force on it."""
        asked = day or self.session.today()
        self.tariff(asked)
        return asked


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A worksheet function.

    Attributes:
        name: as users type it.
        category: names the group it is listed under.
        article: of the regulation.
        arguments: in the order in which they are typed.
        compute: takes the call under way and the arguments as core values; ``None`` for those omitted.
        unit: what the result is; ``None`` where ``compute`` gives the cells themselves.
        table: whether it spills a table.
        variadic: whether it takes any further arguments, passed on as they are.
        clock: the argument that means today when it is left out, or "always" where today's date always counts: such
            a cell must be computed again on another day, or December's rate would stand in January.
        examples: arguments of examples that can be computed with the shipped data; those of a regulation or an index
            that is never shipped show the error a user sees.
        made_up: arguments of examples that need the made-up index and regulation.
    """

    name: str
    category: str
    article: str
    arguments: tuple[Argument, ...]
    compute: Callable[..., object]
    unit: Unit | None = None
    table: bool = False
    variadic: bool = False
    clock: str = ""
    examples: tuple[tuple[object, ...], ...] = ()
    made_up: tuple[tuple[object, ...], ...] = ()

    def help(self, language: str) -> str:
        """What it gives, in at most 255 characters."""
        return text("functions", self.name, language)

    def argument_help(self, argument: str, language: str) -> str:
        """What an argument is, in at most 255 characters."""
        own = topic("functions")[self.name].get(argument)
        if own is not None:
            return str(own[language])  # type: ignore[index]
        shared: Mapping[str, Mapping[str, str]] = topic("functions")["argument"]  # type: ignore[assignment]
        return shared[argument][language]

    def signature(self) -> str:
        """``COPRO_RATE(item, [on_date], [regulation])``."""
        named = [a.name if a.required else f"[{a.name}]" for a in self.arguments]
        return f"{self.name}({', '.join([*named, '…'] if self.variadic else named)})"
