"""The formulas of the late-payment workbook. They name cells; what words are in them are those of the workbook.

Names and numbers are compared as text, with ``=``: what COUNTIF, SUMIF and MATCH do with ``*``, ``<`` or a number that
looks like a date would find the wrong row. Those functions are given row numbers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.texts import text
from workbooks.late_payment.layout import BUCKET_DAYS, FIRST, Layout, Table
from workbooks.quote.formulas import euro_told, text_of

MOST_SLOTS: Final = 1000
"""More than the payments that one invoice can have."""
_NOT_AVAILABLE: Final = "#N/A"


def position(table: Table, wanted: str) -> str:
    """The row, counted from 1, whose key is the one wanted; 0 when there is none."""
    keys = table.whole("key")
    return f"SUMPRODUCT(MAX(({keys}={wanted})*(ROW({keys})-{FIRST})))"


def key(cell: str) -> str:
    """What is compared of a cell: its text without spaces around it, also when a number was typed."""
    return f'=IF(ISERROR({cell}),"",TRIM({cell}&""))'


def found(table: Table, cell: str) -> str:
    """The row of a table that a cell names; 0 when it is blank, an error or unknown."""
    return f'=IF(ISERROR({cell}),0,IF(TRIM({cell}&"")="",0,{position(table, f"""TRIM({cell}&"")""")}))'


def first_of(tests: Sequence[tuple[str, str]], otherwise: str = '""') -> str:
    """The words of the first test that holds."""
    written = otherwise
    for test, answer in reversed(tests):
        written = f"IF({test},{answer},{written})"
    return f"={written}"


def counter(table: Table, row: int) -> str:
    """The place of a row among those that are wrong."""
    return _counted(table, row, "counter", f'{table.cell("check", row)}=""')


def _counted(table: Table, row: int, column: str, unless: str) -> str:
    return f'=IF({unless},"",MAX({table.so_far(column, row)})+1)'


class Formulas:
    """The formulas of the three tables, for one layout."""

    def __init__(self, layout: Layout, state: dict[str, str], languages: str) -> None:
        self.layout = layout
        self.state = state
        self.languages = languages
        self.customers = layout.customer_table
        self.invoices = layout.invoice_table
        self.payments = layout.payment_table

    def words(self, key: str, **details: object) -> str:
        """A text of the workbook, as formulas write it."""
        return text_of(text("late_payment", key, self.layout.language, **details))

    def _untyped(self, table: Table, row: int) -> list[tuple[str, str]]:
        """What comes before every other test: an empty row, and an error in a cell."""
        return [
            (f"{table.filled(row)}=0", '""'),
            (f"SUMPRODUCT(--ISERROR({table.inputs_of(row)}))>0", self.words("wrong_error_cell")),
        ]

    # --- customers -------------------------------------------------------------------------------------------------

    def customer(self, row: int) -> dict[str, str]:
        """The formulas of a customer's row, by column."""
        table = self.customers
        own, language = table.cell("key", row), table.cell("language", row)
        check = first_of([
            *self._untyped(table, row),
            (f'{own}=""', self.words("wrong_name_missing")),
            (f"SUMPRODUCT(--({table.whole('key')}={own}))>1", self.words("wrong_name_twice")),
            (f"SUMPRODUCT(--({self.languages}={language}))=0", self.words("wrong_language")),
        ])  # fmt: skip
        return {"check": check, "key": key(table.cell("customer", row)), "counter": counter(table, row)}

    # --- payments --------------------------------------------------------------------------------------------------

    def payment(self, row: int) -> dict[str, str]:
        """The formulas of a payment's row, by column."""
        table, invoices = self.payments, self.invoices
        own, invoice = table.cell("key", row), table.cell("invoice_no", row)
        day, amount = table.cell("payment_date", row), table.cell("payment_amount", row)
        invoiced = f"INDEX({invoices.whole('invoice_date')},{invoice})"
        check = first_of([
            *self._untyped(table, row),
            (f'{own}=""', self.words("wrong_number_missing")),
            (f"{invoice}=0", self.words("wrong_invoice_unknown")),
            (f"ISNUMBER({day})=FALSE", self.words("wrong_date")),
            *self._wrong_amount(amount),
            (f"IF(ISNUMBER({invoiced}),{day}<{invoiced},FALSE)", self.words("wrong_payment_early")),
        ])  # fmt: skip
        whole = table.whole("invoice_no")
        first = whole.rpartition("!")[2].partition(":")[0]
        customer = f'=IF({invoice}=0,"",IFERROR(INDEX({invoices.whole("customer")},{invoice})&"",""))'
        slot = f'=IF({invoice}=0,"",{invoice}*{MOST_SLOTS}+COUNTIF({first}:{invoice},{invoice}))'
        return {
            "customer": customer,
            "check": check,
            "key": key(table.cell("number", row)),
            "invoice_no": found(invoices, table.cell("number", row)),
            "wrong": f'=IF({table.cell("check", row)}="",0,1)',
            "slot": slot,
            "counter": counter(table, row),
        }

    def _wrong_amount(self, cell: str) -> list[tuple[str, str]]:
        words = self.words("wrong_amount")
        return [(f"ISNUMBER({cell})=FALSE", words), (f"OR({cell}<=0,ROUND({cell},2)<>{cell})", words)]

    def received(self, invoice: int, slot: int) -> tuple[str, str]:
        """The date and the amount of an invoice's payment, both counted from 1."""
        place = f"MATCH({invoice * MOST_SLOTS + slot},{self.payments.whole('slot')},0)"
        date, amount = (self.payments.whole(column) for column in ("payment_date", "payment_amount"))
        return f'=IFERROR(INDEX({date},{place}),"")', f'=IFERROR(INDEX({amount},{place}),"")'

    # --- invoices --------------------------------------------------------------------------------------------------

    def given(self, row: int) -> str:
        """The cells that the functions are given for an invoice."""
        table = self.invoices
        amount, day, notice = (table.cell(column, row) for column in ("amount", "invoice_date", "notice"))
        received = self.layout.received(row - FIRST + 1)
        return f"{amount},{day},{self.layout.as_of},{received},{notice},{text_of(self.layout.language)}"

    def invoice(self, row: int) -> dict[str, str]:
        """The formulas of an invoice's row, by column."""
        number = row - FIRST + 1

        def cell(column: str) -> str:
            return self.invoices.cell(column, row)

        claim, ready, sound, otherwise = self._claim(row), cell("ready"), cell("sound"), cell("otherwise")
        due = f"=IF({sound},COPRO_DUE_DATE({cell('invoice_date')}),{otherwise})"
        figures = {
            column.key: f"=IF({sound},INDEX({claim},{column.claim},2),{otherwise})"
            for column in self.invoices.shown
            if column.claim
        }
        explain = f"COPRO_EXPLAIN({text_of(f'{self.layout.language}:COPRO_LATE_CLAIM')},{self.given(row)})"
        days = cell("days_late")
        bucket = first_of(
            [(f"{days}<={most}", str(number)) for number, most in enumerate(BUCKET_DAYS, 1)], str(len(BUCKET_DAYS) + 1)
        )
        empty = f"{self.invoices.filled(row)}=0"
        return {
            "due_date": due,
            "payments": f'=IF({empty},"",{self._paid(number, "<=")})',
            **figures,
            "bucket": f'=IF({cell("bucket_no")}="","",INDEX({self.state["buckets"]},{cell("bucket_no")}))',
            "check": self._check(row),
            "key": key(cell("number")),
            "customer_no": found(self.customers, cell("customer")),
            "fault": self._fault(row),
            "ready": f'=IF({empty},0,IF({cell("fault")}="",1,0))',
            "first": f'=IF({ready},INDEX({claim},1,1),"")',
            "sound": f"=IF({ready},IF(ISERROR({cell('first')}),0,1),0)",
            "otherwise": f'=IF({empty},"",IF({ready},{cell("first")},{_NOT_AVAILABLE}))',
            "reason": f'=IF(ISERROR({cell("first")}),INDEX({explain},1,3),"")',
            "later": f"={self._paid(number, '>')}",
            "overpaid": f"=IF({sound},IFERROR(INDEX({claim},7+({cell('later')}>0),2),0),0)",
            "bucket_no": f'=IF({sound},{bucket[1:]},"")',
            **self._places(row),
            "counter": counter(self.invoices, row),
        }

    def _claim(self, row: int) -> str:
        return f"COPRO_LATE_CLAIM({self.given(row)})"

    def _paid(self, number: int, when: str) -> str:
        invoices, days, amounts = (
            self.payments.whole(column) for column in ("invoice_no", "payment_date", "payment_amount")
        )
        return f'ROUND(SUMIFS({amounts},{invoices},{number},{days},"{when}"&{self.layout.as_of}),2)'

    def _fault(self, row: int) -> str:
        table, number = self.invoices, row - FIRST + 1
        own, notice = table.cell("key", row), table.cell("notice", row)
        of_it = self.payments.whole("invoice_no")
        return first_of([
            *self._untyped(table, row),
            (f'TRIM({table.cell("customer", row)}&"")=""', self.words("wrong_customer_missing")),
            (f"{table.cell('customer_no', row)}=0", self.words("wrong_customer_unknown")),
            (f'{own}=""', self.words("wrong_number_missing")),
            (f"SUMPRODUCT(--({table.whole('key')}={own}))>1", self.words("wrong_number_twice")),
            (f"ISNUMBER({table.cell('invoice_date', row)})=FALSE", self.words("wrong_date")),
            *self._wrong_amount(table.cell("amount", row)),
            (f'IF({notice}&""="",FALSE,ISNUMBER({notice})=FALSE)', self.words("wrong_notice")),
            (f"SUMIF({of_it},{number},{self.payments.whole('wrong')})>0", self.words("wrong_payment_on_it")),
            (f"COUNTIF({of_it},{number})>{self.layout.slots}", self.words("wrong_too_many", most=self.layout.slots)),
        ])  # fmt: skip

    def _check(self, row: int) -> str:
        fault, reason, overpaid = (self.invoices.cell(column, row) for column in ("fault", "reason", "overpaid"))
        before, after = text("late_payment", "wrong_overpaid", self.layout.language).split("{amount}")
        told = "&".join(
            text_of(part) if part in (before, after) else part
            for part in (before, euro_told(overpaid, self.layout.language), after)
            if part
        )
        return first_of([(f'{fault}<>""', fault), (f'{reason}<>""', reason), (f"{overpaid}>0", told)])

    def _places(self, row: int) -> dict[str, str]:
        """Where an invoice stands on the statement and in the letter."""
        table, chosen = self.invoices, self.state["chosen_no"]
        customer, total, listed, sound, days = (
            table.cell(column, row) for column in ("customer_no", "total", "listed", "sound", "days_late")
        )
        place = f"MAX({table.so_far('listed', row)})+1"
        owed = f'IF(ISERROR({total}),{place},IF(N({total})>0,{place},""))'
        late = f'IF({sound},IF({days}>0,MAX({table.so_far("overdue", row)})+1,""),"")'
        return {
            "listed": f'=IF({chosen}=0,"",IF({customer}<>{chosen},"",{owed}))',
            "overdue": f'=IF({listed}="","",{late})',
            "late_since": f'=IF({sound},IF({days}>0,{table.cell("due_date", row)},""),"")',
        }

    # --- below a table ---------------------------------------------------------------------------------------------

    def below(self, table: Table) -> dict[str, str]:
        """The row under a table: wrong when something was filled in further down."""
        first, last = (table.inputs_of(row) for row in (table.end + 1, table.end + 500))
        area = f"{first.partition(':')[0]}:{last.partition(':')[2]}"
        check = f'=IF(COUNTA({area})=0,"",{self.words("wrong_below")})'
        return {"check": check, "counter": counter(table, table.end)}
