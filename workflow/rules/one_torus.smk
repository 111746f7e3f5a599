# Two modules, or shells of one torus: four tests on the maps and the long walks, with populations of known truth.
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
        draws=STUDY.measures["torus_draws"],
    shell:
        "python -m sslgrid.commands.measure_one_torus --weights {input.weights} --ratemaps {input.ratemaps} "
        "--tuning {input.tuning} --plane {input.plane} --arena {input.arena} --walks {input.walks} "
        "--one-torus {output} --draws {params.draws} --threads {threads} 2>&1 | tee {log}"


figure(
    "one_torus",
    category="Beyond the paper",
    title="two modules or one torus",
    inputs={"one_torus": of_networks(rules.measure_one_torus.output, SHOWN_NETWORKS)},
    options=f"--seeds {' '.join(map(str, SEEDS))}",
)
