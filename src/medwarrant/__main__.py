"""`python -m medwarrant`."""

from __future__ import annotations

import sys

from .cli.main import run

sys.exit(run())
