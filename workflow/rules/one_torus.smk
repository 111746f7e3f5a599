# Two modules, or shells of one torus: tests on the maps and the long walks, with populations of known truth.
rule measure_one_torus:
    input:
        weights=NETWORK["weights"],
        ratemaps=in_arena(rules.map_rates.output, SHOWN["arena"]),
        tuning=in_arena(rules.measure_tuning.output, SHOWN["arena"]),
        plane=in_arena(rules.map_rates.output, SHOWN["plane"]),
        arena=expand(rules.write_arena.output, arena=SHOWN["long_walks"]),
        walks=expand(rules.sample_walks.output, arena=SHOWN["long_walks"]),
    output:
        "results/one_torus/{condition}/seed{seed}.nc",
    log:
        "logs/one_torus/{condition}/seed{seed}.log",
    priority: shown_first(1)
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_one_torus"),
        draws=STUDY.measures["one_torus_draws"],
    shell:
        "python -m sslgrid.commands.measure_one_torus --weights {input.weights} --ratemaps {input.ratemaps} "
        "--tuning {input.tuning} --plane {input.plane} --arena {input.arena} --walks {input.walks} "
        "--one-torus {output} --draws {params.draws} --threads {threads} 2>&1 | tee {log}"


figure(
    "one_torus",
    category="Beyond the paper",
    title="two modules or one torus",
    inputs={"one_torus": of_networks(rules.measure_one_torus.output, SHOWN_NETWORKS)},
    folder=SHOWN_FOLDER,
)


# What breaks the lock: the same of every condition, as a table. `snakemake lock --configfile studies/one_torus.yaml`
rule compare_one_torus:
    input:
        modules=of_networks(rules.measure_modules.output, RECIPES, arena=SHOWN["arena"]),
        one_torus=of_networks(rules.measure_one_torus.output, RECIPES),
    output:
        "results/one_torus/networks.csv",
    log:
        "logs/one_torus/networks.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.compare_one_torus"),
    shell:
        "python -m sslgrid.commands.compare_one_torus --modules {input.modules} --one-torus {input.one_torus} "
        "--table {output} 2>&1 | tee {log}"


rule lock:
    input:
        rules.compare_one_torus.output,
    localrule: True
