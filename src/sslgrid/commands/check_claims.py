"""The claims ledger: `python -m sslgrid.commands.check_claims --training T.nc ... --table C.csv --page C.md`.

Which condition and seed a file is about is read off its path. A claim about a condition that is not among the files is
not tested. `--ledger cw` is about the networks that learn to localise themselves, `--ledger cw_paper` about those of
their paper's recipe, `--ledger cw_fields` about what makes their maps regular.
"""

import argparse

from sslgrid.basics.errors import InputError
from sslgrid.basics.streams import stream
from sslgrid.claims import cueva_wei, cw_fields, cw_paper, sic
from sslgrid.claims.networks import OF_ALL, READERS, networks_of
from sslgrid.claims.report import markdown, passing_in_words, table_of
from sslgrid.claims.verdicts import judge
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.tables import write_table
from sslgrid.store.facts import summary_provenance
from sslgrid.store.files import whole_file
from sslgrid.walks.config import read_arena

LEDGERS = {"sic": sic, "cw": cueva_wei, "cw_paper": cw_paper, "cw_fields": cw_fields}
SEED = 0  # of the bootstraps, the same for every claim, so that another claim changes no interval


def main(arguments: argparse.Namespace) -> None:
    """Read, judge, print and write."""
    if arguments.ledger == "sic" and not arguments.arenas:
        raise InputError("--arenas: expected the configs of the arenas compared, which the sic ledger needs")
    arenas = {path.stem: read_arena(path) for path in arguments.arenas}
    networks = networks_of({kind: getattr(arguments, kind) for kind in READERS}, arenas)
    ledger = LEDGERS[arguments.ledger]
    reference, control = ledger.REFERENCE, ledger.CONTROL
    claims = [*ledger.CLAIMS, *(sic.BESIDE_CELLS if arguments.brain else [])]
    table = table_of([judge(claim, networks, stream(SEED, "claims"), reference, control) for claim in claims])
    write_table(arguments.table, table, 5, summary_provenance(__spec__.name, inputs_of(arguments)))
    with whole_file(arguments.page) as temporary:
        temporary.write_text(markdown(table, reference))
    for row in table.itertuples():
        print(f"{row.verdict:10} {row.claim}: {passing_in_words(row)}{f' ({row.note})' * bool(row.note)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for kind in READERS:
        which = "of every network" if kind in OF_ALL else "of the networks that have them"
        input_argument(
            parser, kind.replace("_", "-"), several=True, required=kind in OF_ALL, help=f"{kind} results {which}"
        )
    input_argument(parser, "arenas", several=True, required=False, help="configs of the arenas compared")
    parser.add_argument("--ledger", choices=LEDGERS, default="sic", help="which claims (default sic)")
    output_argument(parser, "table", help="csv file to write")
    output_argument(parser, "page", help="markdown file to write")
    run(main, parser)
