"""Where the shared test data is, and the mark for tests that need it.

The data is kept beside the repository, not in it; a checkout without it skips those tests and says why.
"""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared test data is not at {SHARED}")
