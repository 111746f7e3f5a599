"""One module per figure, runnable: `python -m sslgrid.figures.<name>`. They read NetCDF files and draw."""
