"""What all tests share."""

import sys
from pathlib import Path

from hypothesis import settings

settings.register_profile("tests", deadline=None)  # a busy machine is no fault
settings.load_profile("tests")
sys.path.insert(0, str(Path(__file__).parent))
