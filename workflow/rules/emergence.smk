# When modules appear while a network is trained: each snapshot is walked and scored.
rule measure_emergence:
    input:
        code=code_of("sslgrid.commands.measure_emergence"),
        snapshots=rules.train_network.output.snapshots,
        history=rules.train_network.output.history,
        arena=rules.write_arena.output,
        walks=rules.sample_walks.output,
    output:
        "results/emergence/{condition}/seed{seed}/{arena}.nc",
    log:
        "logs/emergence/{condition}/seed{seed}/{arena}.log",
    threads: 1
    shell:
        "python -m sslgrid.commands.measure_emergence --snapshots {input.snapshots} --history {input.history} "
        "--arena {input.arena} --walks {input.walks} --emergence {output} --threads {threads} 2>&1 | tee {log}"


rule compare_recipes:
    input:
        code=code_of("sslgrid.commands.compare_recipes"),
        emergence=collect(
            rules.measure_emergence.output,
            condition=STUDY.conditions,
            seed=STUDY.seeds,
            arena=SHOWN["arena"],
        ),
    output:
        "results/emergence/recipes.csv",
    log:
        "logs/emergence/recipes.log",
    shell:
        "python -m sslgrid.commands.compare_recipes --emergence {input.emergence} --table {output} 2>&1 | tee {log}"
