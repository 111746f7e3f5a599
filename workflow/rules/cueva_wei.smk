# Networks that learn to localise themselves (Cueva & Wei 2018). Rate maps, tuning and modules are measured by the rules
# of all other networks, each in the arena that its condition names.
rule estimate_localisers:
    output:
        "results/localisers_cost.csv",
    log:
        "logs/localisers_cost.log",
    # As for sweeps: the cost is told before it is paid.
    priority: 1000
    threads: all_cores()
    params:
        code=code_of("sslgrid.commands.estimate_localisers"),
        sizes=localisers_json,
        device=DEVICE,
    shell:
        "printf '%s' {params.sizes:q} | python -m sslgrid.commands.estimate_localisers --sizes /dev/stdin "
        "--cores {threads} --device {params.device} --table {output} 2>&1 | tee {log}"


rule measure_localisation:
    input:
        weights=rules.train_localiser.output.weights,
    output:
        "results/localisation/{condition}/seed{seed}.nc",
    log:
        "logs/localisation/{condition}/seed{seed}.log",
    priority: 1
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_localisation"),
        long_steps=lambda wildcards: STUDY.cueva_wei[
            "long_steps" if wildcards.condition == STUDY.cueva_wei["tracked"] else "other_long_steps"
        ],
    shell:
        "python -m sslgrid.commands.measure_localisation --weights {input.weights} --localisation {output} "
        "--long-steps {params.long_steps} --threads {threads} 2>&1 | tee {log}"


# At equal distances along a training, what class each unit is of.
rule measure_development:
    input:
        snapshots=rules.train_localiser.output.snapshots,
        arena=lambda wildcards: expand(rules.write_arena.output, arena=STUDY.homes[wildcards.condition]),
        walks=lambda wildcards: expand(rules.sample_walks.output, arena=STUDY.homes[wildcards.condition]),
    output:
        "results/development/{condition}/seed{seed}.nc",
    log:
        "logs/development/{condition}/seed{seed}.log",
    wildcard_constraints:
        condition="|".join(map(re.escape, STUDY.localisers)) or NOTHING,
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_development"),
        draws=STUDY.measures["tuning_draws"],
    shell:
        "python -m sslgrid.commands.measure_development --snapshots {input.snapshots} --arena {input.arena} "
        "--walks {input.walks} --development {output} --draws {params.draws} --threads {threads} 2>&1 | tee {log}"


rule measure_decoding:
    input:
        weights=rules.train_network.output.weights,
        arena=rules.write_arena.output,
        walks=rules.sample_walks.output,
    output:
        "results/decoding/{condition}/seed{seed}/{arena}.nc",
    log:
        "logs/decoding/{condition}/seed{seed}/{arena}.log",
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_decoding"),
    shell:
        "python -m sslgrid.commands.measure_decoding --weights {input.weights} --arena {input.arena} "
        "--walks {input.walks} --decoding {output} --threads {threads} 2>&1 | tee {log}"


TRACKED = {condition: STUDY.seeds[condition] for condition in [STUDY.cueva_wei["tracked"]] if condition}
EXAMPLES = {condition: STUDY.seeds[condition] for condition in STUDY.cueva_wei["examples"]}
NO_LOCALISER = [] if LOCALISERS else ["config.yaml that has a condition with `model: localiser`"]  # which is missing
DEVELOPING = {condition: STUDY.seeds[condition] for condition in STUDY.cueva_wei["development"]}
COMPARED_KINDS = {condition: STUDY.seeds[condition] for condition in STUDY.cueva_wei["compared"]}
ALL_UNITS = {condition: STUDY.seeds[condition][:1] for condition in STUDY.cueva_wei["all_units"]}


rule cw_fig1:
    input:
        model=collect(rules.write_condition.output, condition=TRACKED) + NO_LOCALISER,
        localisation=of_networks(rules.measure_localisation.output, TRACKED),
        histories=of_networks(rules.train_localiser.output.history, TRACKED),
    output:
        pdf="results/figures/cw_fig1.pdf",
        svg="results/figures/cw_fig1.svg",
        png=report(
            "results/figures/cw_fig1.png",
            category="Cueva & Wei 2018",
            labels={"figure": "1: learning to localise oneself"},
            caption="../report/cw_fig1.rst",
        ),
    log:
        "logs/figures/cw_fig1.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.cw_fig1"),
    shell:
        "python -m sslgrid.figures.cw_fig1 --model {input.model} --localisation {input.localisation} "
        "--histories {input.histories} --figure {output.png} 2>&1 | tee {log}"


rule cw_fig2:
    input:
        tuning=of_localisers(rules.measure_tuning.output, EXAMPLES),
        modules=of_localisers(rules.measure_modules.output, EXAMPLES),
        histories=of_networks(rules.train_localiser.output.history, EXAMPLES),
        ratemaps=of_localisers(rules.map_rates.output, EXAMPLES),
    output:
        pdf="results/figures/cw_fig2.pdf",
        svg="results/figures/cw_fig2.svg",
        png=report(
            "results/figures/cw_fig2.png",
            category="Cueva & Wei 2018",
            labels={"figure": "2: units of each class"},
            caption="../report/cw_fig2.rst",
        ),
    log:
        "logs/figures/cw_fig2.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.cw_fig2"),
    shell:
        "python -m sslgrid.figures.cw_fig2 --tuning {input.tuning} --modules {input.modules} "
        "--histories {input.histories} --ratemaps {input.ratemaps} --figure {output.png} 2>&1 | tee {log}"


rule cw_fig5:
    input:
        tuning=of_localisers(rules.measure_tuning.output, LOCALISERS),
        modules=of_localisers(rules.measure_modules.output, LOCALISERS),
        histories=of_networks(rules.train_localiser.output.history, LOCALISERS),
        ratemaps=of_localisers(rules.map_rates.output, ALL_UNITS),
    output:
        pdf="results/figures/cw_fig5.pdf",
        svg="results/figures/cw_fig5.svg",
        png=report(
            "results/figures/cw_fig5.png",
            category="Cueva & Wei 2018",
            labels={"figure": "5: with and without regularisation"},
            caption="../report/cw_fig5.rst",
        ),
    log:
        "logs/figures/cw_fig5.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.cw_fig5"),
    shell:
        "python -m sslgrid.figures.cw_fig5 --tuning {input.tuning} --modules {input.modules} "
        "--histories {input.histories} --ratemaps {input.ratemaps} --figure {output.png} 2>&1 | tee {log}"


rule cw_fig3:
    input:
        tuning=of_localisers(rules.measure_tuning.output, EXAMPLES),
        localisation=of_networks(rules.measure_localisation.output, EXAMPLES),
    output:
        pdf="results/figures/cw_fig3.pdf",
        svg="results/figures/cw_fig3.svg",
        png=report(
            "results/figures/cw_fig3.png",
            category="Cueva & Wei 2018",
            labels={"figure": "3: tuning to speed and heading"},
            caption="../report/cw_fig3.rst",
        ),
    log:
        "logs/figures/cw_fig3.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.cw_fig3"),
    shell:
        "python -m sslgrid.figures.cw_fig3 --tuning {input.tuning} --localisation {input.localisation} --figure {output.png} 2>&1 | tee {log}"


rule cw_fig4:
    input:
        development=of_networks(rules.measure_development.output, DEVELOPING),
    output:
        pdf="results/figures/cw_fig4.pdf",
        svg="results/figures/cw_fig4.svg",
        png=report(
            "results/figures/cw_fig4.png",
            category="Cueva & Wei 2018",
            labels={"figure": "4: development"},
            caption="../report/cw_fig4.rst",
        ),
    log:
        "logs/figures/cw_fig4.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.cw_fig4"),
    shell:
        "python -m sslgrid.figures.cw_fig4 --development {input.development} --figure {output.png} 2>&1 | tee {log}"


rule cw_fig6:
    input:
        localisation=of_networks(rules.measure_localisation.output, LOCALISERS),
    output:
        pdf="results/figures/cw_fig6.pdf",
        svg="results/figures/cw_fig6.svg",
        png=report(
            "results/figures/cw_fig6.png",
            category="Cueva & Wei 2018",
            labels={"figure": "6: walls correct the error"},
            caption="../report/cw_fig6.rst",
        ),
    log:
        "logs/figures/cw_fig6.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.cw_fig6"),
        tracked=STUDY.cueva_wei["tracked"],
    shell:
        "python -m sslgrid.figures.cw_fig6 --localisation {input.localisation} --tracked {params.tracked} --figure {output.png} 2>&1 | tee {log}"


rule fig_compare:
    input:
        tuning=of_localisers(rules.measure_tuning.output, COMPARED_KINDS),
        modules=of_localisers(rules.measure_modules.output, COMPARED_KINDS),
        histories=of_networks(rules.train_network.output.history, COMPARED_KINDS),
        decoding=of_networks(rules.measure_decoding.output, COMPARED_KINDS, arena=STUDY.cueva_wei["compared_arenas"]),
    output:
        pdf="results/figures/fig_compare.pdf",
        svg="results/figures/fig_compare.svg",
        png=report(
            "results/figures/fig_compare.png",
            category="Cueva & Wei 2018",
            labels={"figure": "head to head"},
            caption="../report/fig_compare.rst",
        ),
    log:
        "logs/figures/fig_compare.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.fig_compare"),
    shell:
        "python -m sslgrid.figures.fig_compare --tuning {input.tuning} --modules {input.modules} --histories {input.histories} --decoding {input.decoding} --figure {output.png} 2>&1 | tee {log}"


rule check_cw_claims:
    input:
        training=of_networks(rules.train_localiser.output.history, LOCALISERS),
        tuning=of_localisers(rules.measure_tuning.output, LOCALISERS),
        modules=of_localisers(rules.measure_modules.output, LOCALISERS),
        localisation=of_networks(rules.measure_localisation.output, LOCALISERS),
        development=of_networks(rules.measure_development.output, DEVELOPING),
    output:
        table="results/cw_claims.csv",
        page="results/cw_claims.md",
    log:
        "logs/cw_claims.log",
    params:
        code=code_of("sslgrid.commands.check_claims"),
    shell:
        "python -m sslgrid.commands.check_claims --ledger cueva_wei --training {input.training} --tuning {input.tuning} "
        "--modules {input.modules} --localisation {input.localisation} --development {input.development} "
        "--table {output.table} --page {output.page} 2>&1 | tee {log}"


rule cw_claims:
    input:
        table=rules.check_cw_claims.output.table,
        page=rules.check_cw_claims.output.page,
    output:
        pdf="results/figures/cw_claims.pdf",
        svg="results/figures/cw_claims.svg",
        png=report(
            "results/figures/cw_claims.png",
            category="Claims",
            labels={"figure": "what holds of localisers"},
            caption="../report/cw_claims.rst",
        ),
    log:
        "logs/figures/cw_claims.log",
    params:
        code=code_of("sslgrid.figures.claims"),
    shell:
        "python -m sslgrid.figures.claims --table {input.table} --figure {output.png} 2>&1 | tee {log}"
