# What every network of the study ended as, and the papers' claims as tests on them.
rule compare_conditions:
    input:
        models=collect(rules.write_condition.output, condition=NETWORKS),
        histories=of_networks(rules.train_network.output.history, NETWORKS),
        tuning=of_networks(rules.measure_tuning.output, NETWORKS, arena=SHOWN["arena"]),
        modules=of_networks(rules.measure_modules.output, NETWORKS, arena=SHOWN["arena"]),
    output:
        "results/conditions.csv",
    log:
        "logs/conditions.log",
    params:
        code=code_of("sslgrid.commands.compare_networks"),
    shell:
        "python -m sslgrid.commands.compare_networks --models {input.models} --histories {input.histories} "
        "--tuning {input.tuning} --modules {input.modules} --table {output} 2>&1 | tee {log}"


rule check_claims:
    input:
        training=of_networks(rules.train_network.output.history, NETWORKS),
        tuning=of_networks(rules.measure_tuning.output, NETWORKS, arena=SHOWN["arena"]),
        modules=of_networks(rules.measure_modules.output, NETWORKS, arena=SHOWN["arena"]),
        generalisation=collect(rules.measure_generalisation.output, condition=SHOWN["condition"], seed=SEEDS),
        coding=collect(rules.measure_coding.output, condition=SHOWN["condition"], seed=SEEDS),
        geometry=of_networks(rules.measure_geometry.output, {SHOWN["condition"]: SEEDS, **CONTROLS}),
        arenas=collect(rules.write_arena.output, arena=COMPARED),
    output:
        table="results/claims.csv",
        page="results/claims.md",
    log:
        "logs/claims.log",
    params:
        code=code_of("sslgrid.commands.check_claims"),
    shell:
        "python -m sslgrid.commands.check_claims --training {input.training} --tuning {input.tuning} "
        "--modules {input.modules} --generalisation {input.generalisation} --coding {input.coding} "
        "--geometry {input.geometry} --arenas {input.arenas} --table {output.table} --page {output.page} "
        "2>&1 | tee {log}"


rule claims:
    input:
        table=rules.check_claims.output.table,
        page=rules.check_claims.output.page,
    output:
        pdf="results/figures/claims.pdf",
        svg="results/figures/claims.svg",
        png=report(
            "results/figures/claims.png",
            category="Claims",
            labels={"figure": "what holds"},
            caption="../report/claims.rst",
        ),
    log:
        "logs/figures/claims.log",
    params:
        code=code_of("sslgrid.figures.claims"),
    shell:
        "python -m sslgrid.figures.claims --table {input.table} --figure {output.png} 2>&1 | tee {log}"
