# What every network of the study ended as, and the papers' claims as tests on them.
rule compare_conditions:
    input:
        models=collect(rules.write_condition.output, condition=NETWORKS),
        looks=rules.write_looks.output,
        histories=of_networks(NETWORK["history"], NETWORKS),
        tuning=of_networks(rules.measure_tuning.output, NETWORKS, arena=SHOWN["arena"]),
        modules=of_networks(rules.measure_modules.output, NETWORKS, arena=SHOWN["arena"]),
    output:
        report(
            "results/conditions.csv",
            category="Networks",
            labels={"figure": "what every network ended as (table)"},
            caption="../report/conditions.rst",
        ),
    log:
        "logs/conditions.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.compare_networks"),
    shell:
        "python -m sslgrid.commands.compare_networks --models {input.models} --histories {input.histories} "
        "--tuning {input.tuning} --modules {input.modules} --looks {input.looks} --table {output} 2>&1 | tee {log}"


# Every unit as a row, for other programs.
rule list_units:
    input:
        of_networks(rules.measure_tuning.output, NETWORKS, arena=SHOWN["arena"]),
    output:
        "results/units.csv",
    log:
        "logs/units.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.list_units"),
    shell:
        "python -m sslgrid.commands.list_units --tuning {input} --table {output} 2>&1 | tee {log}"


rule check_claims:
    input:
        training=of_networks(NETWORK["history"], NETWORKS),
        tuning=of_networks(rules.measure_tuning.output, NETWORKS, arena=SHOWN["arena"]),
        modules=of_networks(rules.measure_modules.output, NETWORKS, arena=SHOWN["arena"]),
        generalisation=of_networks(rules.measure_generalisation.output, MAIN_NETWORKS),
        coding=of_networks(rules.measure_coding.output, MAIN_NETWORKS),
        geometry=of_networks(rules.measure_geometry.output, MAIN_NETWORKS | ALL_CONTROLS),
        one_torus=of_networks(rules.measure_one_torus.output, MAIN_NETWORKS),
        arenas=collect(rules.write_arena.output, arena=COMPARED),
        brain=of_networks(rules.measure_brain.output, MAIN_NETWORKS if RECORDINGS else {}),
    output:
        table=report(
            "results/claims.csv",
            category="Claims",
            labels={"figure": "every claim as a test (table)"},
            caption="../report/claims.rst",
        ),
        page="results/claims.md",
    log:
        "logs/claims.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.check_claims"),
    shell:
        "python -m sslgrid.commands.check_claims --training {input.training} --tuning {input.tuning} "
        "--modules {input.modules} --generalisation {input.generalisation} --coding {input.coding} "
        "--geometry {input.geometry} --one-torus {input.one_torus} --arenas {input.arenas} --brain {input.brain} "
        "--table {output.table} --page {output.page} 2>&1 | tee {log}"


figure("claims", category="Claims", title="what holds", inputs={"table": rules.check_claims.output.table})
