"""What a field of a quote can hold; what cannot be is told in the words of ``errors.toml``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, PlainValidator

from core.codes import code_named, folded
from core.errors import InputError
from core.formats import Named
from core.records import Number, refuse
from core.topics import topic
from core.vocabulary import Cost

LONGEST: Final = 500
"""Characters of a text in a quote."""
LONGEST_NAME: Final = 60
"""Characters of the name of a work."""
_WILD: Final = "*?~"
"""Characters that a sheet takes for others when it looks a name up."""

_UNPRICED: Final[Mapping[Cost, str]] = {
    Cost.TRAVEL: "quote_kind_travel",
    Cost.EXTERNAL_LABORATORY: "quote_kind_laboratory",
    Cost.SELF_CONTROL: "quote_kind_borne",
    Cost.SAMPLES: "quote_kind_borne",
    Cost.REPAIRS: "quote_kind_borne",
    Cost.SAMPLE_TRANSPORT: "quote_kind_borne",
}


def _words(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise refuse("quote_text_expected", longest=LONGEST)
    return value.strip()


def _name(value: object) -> str:
    name = _words(value)
    if len(name) > LONGEST_NAME or any(letter in name for letter in _WILD):
        raise refuse("quote_work_name", longest=LONGEST_NAME)
    return name


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise refuse("quote_day_expected", value=str(value)[:80])
    return value


def _moment(value: object) -> date:
    """A date, or a date and time in whole minutes, which a sheet holds without loss."""
    if not isinstance(value, datetime):
        return _day(value)
    if value.tzinfo is not None:
        raise refuse("date_with_zone", value=str(value))
    _whole_minutes(value)
    return value


def _clock(value: object) -> time:
    if not isinstance(value, time) or value.tzinfo is not None:
        raise refuse("quote_clock_expected", value=str(value)[:80])
    _whole_minutes(value)
    return value


def _whole_minutes(value: datetime | time) -> None:
    if value.second or value.microsecond:
        raise refuse("quote_whole_minutes", value=str(value))
    if not value.hour and not value.minute:
        raise refuse("quote_midnight", value=str(value))


def _at_most(decimals: int) -> AfterValidator:
    def check(value: Decimal) -> Decimal:
        if value != round(value, decimals):
            raise refuse("too_many_decimals", value=str(value), decimals=decimals)
        return value

    return AfterValidator(check)


def whole(value: Decimal) -> int:
    """A number without decimals.

    Raises:
        PydanticCustomError: it has some.
    """
    if value != value.to_integral_value():
        raise refuse("whole_number_expected", value=str(value))
    return int(value)


def above_zero(value: Decimal) -> Decimal:
    """A number that is not 0.

    Raises:
        PydanticCustomError: it is.
    """
    if not value:
        raise refuse("number_not_above_zero", value="0")
    return value


def code(group: str) -> BeforeValidator:
    """A code of a group, by its own name or that in any language."""

    def read(value: object) -> str:
        try:
            return code_named(group, _words(value))
        except InputError as error:
            raise refuse(error.key, **error.details) from None

    return BeforeValidator(read)


def kind_of(priced: Callable[[], Mapping[Cost, object]]) -> PlainValidator:
    """A kind of line that has a price."""

    def read(value: object) -> Cost:
        try:
            kind = Cost(code_named("COST", _words(value)))
        except InputError:
            raise refuse("code_unknown", value=str(value)[:80], known=", ".join(priced())) from None
        if kind in _UNPRICED:
            raise refuse(_UNPRICED[kind], kind=Named("COST", kind.value))
        return kind

    return PlainValidator(read)


def chosen(family: str) -> PlainValidator:
    """One of a family of the quote's own words (``period.WEEK``), by its code or in any language."""

    def read(value: object) -> str:
        known = {key.partition(".")[2]: words for key, words in topic("quote").items() if key.startswith(f"{family}.")}
        said = folded(_words(value))
        for name, words in known.items():
            if said in (folded(name), *map(folded, words.values())):
                return name
        raise refuse("code_unknown", value=str(value)[:80], known=", ".join(known))

    return PlainValidator(read)


Words = Annotated[str, PlainValidator(_words)]
Name = Annotated[str, PlainValidator(_name)]
Day = Annotated[date, PlainValidator(_day)]
Moment = Annotated[date, PlainValidator(_moment)]
Clock = Annotated[time, PlainValidator(_clock)]
Money = Annotated[Number, _at_most(2)]
Measure = Annotated[Number, _at_most(6)]
Count = Annotated[Number, AfterValidator(whole)]
Several = Annotated[Number, AfterValidator(above_zero), AfterValidator(whole)]
