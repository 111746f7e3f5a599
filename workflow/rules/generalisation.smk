# The code outside training: other arenas, other motion, long walks, far places.
COMPARED = [SHOWN["arena"], *SHOWN["other_arenas"]]


rule measure_generalisation:
    input:
        weights=NETWORK["weights"],
        arenas=collect(rules.write_arena.output, arena=COMPARED),
        ratemaps=collect(rules.map_rates.output, arena=COMPARED, allow_missing=True),
        tuning=collect(rules.measure_tuning.output, arena=COMPARED, allow_missing=True),
        long_arena=collect(rules.write_arena.output, arena=SHOWN["long_walks"]),
        long_walks=collect(rules.sample_walks.output, arena=SHOWN["long_walks"]),
        plane_arena=collect(rules.write_arena.output, arena=SHOWN["plane"]),
        plane_walks=collect(rules.sample_walks.output, arena=SHOWN["plane"]),
    output:
        "results/generalisation/{condition}/seed{seed}.nc",
    log:
        "logs/generalisation/{condition}/seed{seed}.log",
    priority: shown_first(1)
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_generalisation"),
    shell:
        "python -m sslgrid.commands.measure_generalisation --weights {input.weights} --arenas {input.arenas} "
        "--ratemaps {input.ratemaps} --tuning {input.tuning} --long-arena {input.long_arena} "
        "--long-walks {input.long_walks} --plane-arena {input.plane_arena} --plane-walks {input.plane_walks} "
        "--generalisation {output} --threads {threads} 2>&1 | tee {log}"


figure(
    "fig3_generalisation",
    category="Schaeffer et al. 2023",
    title="3: generalisation",
    inputs={
        "arenas": collect(rules.write_arena.output, arena=COMPARED),
        "ratemaps": collect(rules.map_rates.output, condition=SHOWN["condition"], seed=SEEDS[0], arena=COMPARED),
        "tuning": collect(
            rules.measure_tuning.output, condition=SHOWN["condition"], seed=SEEDS[0], arena=SHOWN["arena"]
        ),
        "generalisation": of_networks(rules.measure_generalisation.output, SHOWN_NETWORKS),
    },
    folder=SHOWN_FOLDER,
)


# What limits drift: the same of every condition, as a table. `snakemake drift --configfile studies/drift.yaml`
rule compare_drift:
    input:
        modules=of_networks(rules.measure_modules.output, RECIPES, arena=SHOWN["arena"]),
        generalisation=of_networks(rules.measure_generalisation.output, RECIPES),
    output:
        "results/generalisation/drift.csv",
    log:
        "logs/generalisation/drift.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.compare_drift"),
    shell:
        "python -m sslgrid.commands.compare_drift --modules {input.modules} --generalisation {input.generalisation} "
        "--table {output} 2>&1 | tee {log}"


rule drift:
    input:
        rules.compare_drift.output,
    localrule: True
