"""One module per figure, runnable: `python -m sslgrid.figures.<name>`. They read NetCDF files and draw."""

import os

# A notebook names its own backend to every process that it starts. One that is not installed here, or not known, would
# stop the import of matplotlib. So matplotlib does not see the name, and processes started later do.
_named = os.environ.pop("MPLBACKEND", None)
import matplotlib  # noqa: E402, F401

if _named is not None:
    os.environ["MPLBACKEND"] = _named
