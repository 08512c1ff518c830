"""``python -m generator`` is ``noclip``."""

import sys

from .cli import main

sys.exit(main())
