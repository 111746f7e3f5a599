"""One module per figure, runnable: `python -m sslgrid.figures.<name>`. They read NetCDF files and draw."""

import os

# A notebook names its own backend to every process that it starts. One that is not installed here, or not known, would
# stop the import of matplotlib.
os.environ["MPLBACKEND"] = "agg"
