# From every figure and table back to the seeds, for the report.
rule trace_figures:
    input:
        figures=[file for file in (*OF_TRAINED, *drawn("emergence")) if str(file).endswith(".png")],
        tables=NUMBERS,
    output:
        report(
            f"{SHOWN_RESULTS}/provenance.txt",
            category="Provenance",
            labels={"figure": "how every figure was made"},
            caption="../report/provenance.rst",
        ),
    log:
        "logs/provenance.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.provenance"),
    shell:
        "python -m sslgrid.commands.provenance {input.figures} {input.tables} --page {output} 2>&1 | tee {log}"
