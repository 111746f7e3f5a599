rule sample_walks:
    input:
        arena=rules.write_arena.output,
    output:
        "results/trajectories/{arena}.nc",
    log:
        "logs/walks/{arena}.log",
    priority: lambda wildcards: SHOWN_FIRST + 3 + FIRST_NETWORK * (wildcards.arena == SHOWN["arena"])
    params:
        code=code_of("sslgrid.commands.sample_walks"),
    shell:
        "python -m sslgrid.commands.sample_walks --arena {input.arena} --walks {output} 2>&1 | tee {log}"
