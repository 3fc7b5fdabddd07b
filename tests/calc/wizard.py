"""Run with LibreOffice's own Python: prints what the function wizard of the office behind a pipe says of our functions.

python wizard.py PIPE
"""

import json
import sys
import time
from contextlib import suppress

import uno

NAMES = "com.sun.star.sheet.FunctionDescriptions"


def office(pipe):
    """The office's context, as soon as it answers."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - not yet
            time.sleep(0.1)
    raise SystemExit("LibreOffice does not answer")


def described(context):
    descriptions = context.ServiceManager.createInstanceWithContext(NAMES, context)
    for number in range(descriptions.Count):
        function = {entry.Name: entry.Value for entry in descriptions.getByIndex(number)}
        if function["Name"].startswith("COPRO"):
            arguments = [[argument.Name, argument.Description] for argument in function["Arguments"]]
            yield function["Name"], [function["Description"], function["Category"], arguments]


there = office(sys.argv[1])
print(json.dumps(dict(described(there))))
desktop = there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
with suppress(Exception):  # it may have ended before it could say so
    desktop.terminate()
