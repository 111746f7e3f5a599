"""One command line per stage: `python -m sslgrid.commands.<stage>`; Snakemake calls exactly these."""
