"""``python -m xl_addin.cli``: the ``copro`` command where it is not installed as one."""

import sys

from xl_addin.cli.main import main

sys.exit(main())
