# The dissection of networks: those of the shown condition by their largest module, the negative controls as a whole.
rule measure_geometry:
    input:
        weights=NETWORK["weights"],
        arena=in_arena(rules.write_arena.output, SHOWN["arena"]),
        walks=in_arena(rules.sample_walks.output, SHOWN["arena"]),
        ratemaps=in_arena(rules.map_rates.output, SHOWN["arena"]),
        tuning=in_arena(rules.measure_tuning.output, SHOWN["arena"]),
    output:
        "results/geometry/{condition}/seed{seed}.nc",
    log:
        "logs/geometry/{condition}/seed{seed}.log",
    priority: shown_first(1)
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_geometry"),
        population=lambda wildcards: "tuned_units" if wildcards.condition in CONTROLS else "largest_module",
        draws=STUDY.measures["torus_draws"],
    shell:
        "python -m sslgrid.commands.measure_geometry --weights {input.weights} --arena {input.arena} "
        "--walks {input.walks} --ratemaps {input.ratemaps} --tuning {input.tuning} --population {params.population} "
        "--geometry {output} --draws {params.draws} --threads {threads} 2>&1 | tee {log}"


figure(
    "fig4_module",
    category="Schaeffer et al. 2023",
    title="4: one module and its torus",
    inputs={
        "geometry": of_networks(rules.measure_geometry.output, SHOWN_NETWORKS),
        "tuning": of_networks(rules.measure_tuning.output, SHOWN_NETWORKS, arena=SHOWN["arena"]),
        "controls": of_networks(rules.measure_geometry.output, CONTROLS),
    },
    folder=SHOWN_FOLDER,
)
