# Networks that learn to localise themselves (Cueva & Wei 2018). Rate maps, tuning and modules are measured by the rules
# of all other networks, each in the arena that its condition names.
rule measure_localisation:
    input:
        code=code_of("sslgrid.commands.measure_localisation"),
        weights=rules.train_localiser.output.weights,
    output:
        "results/localisation/{condition}/seed{seed}.nc",
    log:
        "logs/localisation/{condition}/seed{seed}.log",
    priority: 1
    threads: 1
    params:
        long_steps=STUDY.cueva_wei["long_steps"],
    shell:
        "python -m sslgrid.commands.measure_localisation --weights {input.weights} --localisation {output} "
        "--long-steps {params.long_steps} --threads {threads} 2>&1 | tee {log}"


TRACKED = {condition: STUDY.seeds[condition] for condition in [STUDY.cueva_wei["tracked"]] if condition}
EXAMPLES = {condition: STUDY.seeds[condition] for condition in STUDY.cueva_wei["examples"]}
NO_LOCALISER = [] if LOCALISERS else ["config.yaml that has a condition with `model: localiser`"]  # which is missing
ALL_UNITS = {condition: STUDY.seeds[condition][:1] for condition in STUDY.cueva_wei["all_units"]}


rule cw_fig1:
    input:
        code=code_of("sslgrid.figures.cw_fig1"),
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
    shell:
        "python -m sslgrid.figures.cw_fig1 --model {input.model} --localisation {input.localisation} "
        "--histories {input.histories} --figure {output.png} 2>&1 | tee {log}"


rule cw_fig2:
    input:
        code=code_of("sslgrid.figures.cw_fig2"),
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
    shell:
        "python -m sslgrid.figures.cw_fig2 --tuning {input.tuning} --modules {input.modules} "
        "--histories {input.histories} --ratemaps {input.ratemaps} --figure {output.png} 2>&1 | tee {log}"


rule cw_fig5:
    input:
        code=code_of("sslgrid.figures.cw_fig5"),
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
    shell:
        "python -m sslgrid.figures.cw_fig5 --tuning {input.tuning} --modules {input.modules} "
        "--histories {input.histories} --ratemaps {input.ratemaps} --figure {output.png} 2>&1 | tee {log}"
