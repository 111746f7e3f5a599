# When modules appear while a network is trained: each snapshot is walked and scored.
rule measure_emergence:
    input:
        snapshots=NETWORK["snapshots"],
        arena=rules.write_arena.output,
        walks=rules.sample_walks.output,
        tuning=rules.measure_tuning.output,
    output:
        "results/emergence/{condition}/seed{seed}/{arena}.nc",
    log:
        "logs/emergence/{condition}/seed{seed}/{arena}.log",
    priority: shown_first(1)
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_emergence"),
    shell:
        "python -m sslgrid.commands.measure_emergence --snapshots {input.snapshots} --arena {input.arena} "
        "--walks {input.walks} --tuning {input.tuning} --emergence {output} --threads {threads} 2>&1 | tee {log}"


figure(
    "emergence",
    category="Training",
    title="how modules emerge",
    inputs={
        "histories": of_networks(NETWORK["history"], SHOWN_NETWORKS),
        "emergence": of_networks(rules.measure_emergence.output, SHOWN_NETWORKS, arena=SHOWN["arena"]),
    },
    folder=SHOWN_FOLDER,
)


rule emergence_animation:
    input:
        emergence=collect(
            rules.measure_emergence.output, condition=SHOWN["condition"], seed=SEEDS[0], arena=SHOWN["arena"]
        ),
    output:
        report(
            f"{SHOWN_FOLDER}/emergence_animation.gif",
            category="Training",
            labels={"figure": "how rate maps form (animation)"},
            caption="../report/emergence_animation.rst",
        ),
    log:
        "logs/figures/emergence_animation.log",
    priority: AT_ONCE
    localrule: True
    params:
        code=code_of("sslgrid.figures.emergence_animation"),
    shell:
        "python -m sslgrid.figures.emergence_animation --emergence {input.emergence} --animation {output} "
        "2>&1 | tee {log}"


rule compare_recipes:
    input:
        emergence=of_networks(
            rules.measure_emergence.output,
            RECIPES,
            arena=SHOWN["arena"],
        ),
        histories=of_networks(NETWORK["history"], RECIPES),
    output:
        "results/emergence/recipes.csv",
    log:
        "logs/emergence/recipes.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.compare_recipes"),
    shell:
        "python -m sslgrid.commands.compare_recipes --emergence {input.emergence} "
        "--histories {input.histories} --table {output} 2>&1 | tee {log}"
