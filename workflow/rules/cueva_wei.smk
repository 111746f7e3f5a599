# Networks that learn to localise themselves (Cueva & Wei 2018). Rate maps, tuning and modules are measured by the rules
# of all other networks, each in the arena that its condition names.
rule estimate_localisers:
    output:
        "results/localisers_cost.csv",
    log:
        "logs/localisers_cost.log",
    # As for sweeps: the cost is told before it is paid.
    priority: COST_FIRST
    threads: all_cores()
    params:
        code=code_of("sslgrid.commands.estimate_localisers"),
        sizes=as_json(LOCALISER_SIZES),
        device=DEVICE,
    shell:
        "printf '%s' {params.sizes:q} | python -m sslgrid.commands.estimate_localisers --sizes /dev/stdin "
        "--cores {threads} --device {params.device} --table {output} 2>&1 | tee {log}"


rule measure_localisation:
    input:
        weights=NETWORK["weights"],
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
        snapshots=NETWORK["snapshots"],
        arena=lambda wildcards: expand(rules.write_arena.output, arena=STUDY.homes[wildcards.condition]),
        walks=lambda wildcards: expand(rules.sample_walks.output, arena=STUDY.homes[wildcards.condition]),
    output:
        "results/development/{condition}/seed{seed}.nc",
    log:
        "logs/development/{condition}/seed{seed}.log",
    wildcard_constraints:
        condition=any_of(name for name in STUDY.localisers if name not in TAKEN),
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_development"),
        draws=STUDY.measures["tuning_draws"],
    shell:
        "python -m sslgrid.commands.measure_development --snapshots {input.snapshots} --arena {input.arena} "
        "--walks {input.walks} --development {output} --draws {params.draws} --threads {threads} 2>&1 | tee {log}"


# What maps are made of, beside random mixtures of them.
rule measure_spectra:
    input:
        ratemaps=lambda wildcards: expand(
            rules.map_rates.output, arena=STUDY.homes[wildcards.condition], allow_missing=True
        ),
        tuning=lambda wildcards: expand(
            rules.measure_tuning.output, arena=STUDY.homes[wildcards.condition], allow_missing=True
        ),
        localisation=rules.measure_localisation.output,
    output:
        "results/spectra/{condition}/seed{seed}.nc",
    log:
        "logs/spectra/{condition}/seed{seed}.log",
    wildcard_constraints:
        condition=any_of(STUDY.localisers),
    params:
        code=code_of("sslgrid.commands.measure_spectra"),
        draws=STUDY.measures["mixture_draws"],
    shell:
        "python -m sslgrid.commands.measure_spectra --ratemaps {input.ratemaps} --tuning {input.tuning} "
        "--localisation {input.localisation} --spectra {output} --draws {params.draws} 2>&1 | tee {log}"


rule measure_decoding:
    input:
        weights=NETWORK["weights"],
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


figure(
    "cw_fig1",
    category="Cueva & Wei 2018",
    title="1: learning to localise oneself",
    inputs={
        "model": collect(rules.write_condition.output, condition=TRACKED) or NO_LOCALISER,
        "localisation": of_networks(rules.measure_localisation.output, TRACKED),
        "histories": of_networks(NETWORK["history"], TRACKED),
    },
)
figure(
    "cw_fig2",
    category="Cueva & Wei 2018",
    title="2: units of each class",
    inputs=localiser_units(EXAMPLES),
)
figure(
    "cw_fig3",
    category="Cueva & Wei 2018",
    title="3: tuning to speed and heading",
    inputs={
        "tuning": of_localisers(rules.measure_tuning.output, EXAMPLES) or NO_LOCALISER,
        "localisation": of_networks(rules.measure_localisation.output, EXAMPLES),
    },
)
figure(
    "cw_fig4",
    category="Cueva & Wei 2018",
    title="4: development",
    inputs={"development": of_networks(rules.measure_development.output, DEVELOPING) or NO_LOCALISER},
)
figure(
    "cw_fig5",
    category="Cueva & Wei 2018",
    title="5: with and without regularisation",
    inputs=localiser_units(LOCALISERS, maps_of=ALL_UNITS),
)
figure(
    "cw_fig6",
    category="Cueva & Wei 2018",
    title="6: walls correct the error",
    inputs={"localisation": of_networks(rules.measure_localisation.output, LOCALISERS) or NO_LOCALISER},
    options=f"--tracked {STUDY.cueva_wei['tracked']}",
)
figure(
    "fig_compare",
    category="Cueva & Wei 2018",
    title="head to head",
    inputs={
        "tuning": of_localisers(rules.measure_tuning.output, COMPARED_KINDS)
        or refuse("nothing to compare; cueva_wei.compared in config.yaml names conditions of both kinds"),
        "modules": of_localisers(rules.measure_modules.output, COMPARED_KINDS),
        "histories": of_networks(NETWORK["history"], COMPARED_KINDS),
        "looks": rules.write_looks.output,
        "decoding": of_networks(
            rules.measure_decoding.output, COMPARED_KINDS, arena=STUDY.cueva_wei["compared_arenas"]
        ),
    },
)


# The claims as tests, a table for each ledger: on the networks of config.yaml, on those of the paper's recipe, on what
# makes fields.
rule check_localiser_claims:
    input:
        training=of_networks(NETWORK["history"], LOCALISERS),
        tuning=of_localisers(rules.measure_tuning.output, LOCALISERS),
        modules=of_localisers(rules.measure_modules.output, LOCALISERS),
        localisation=of_networks(rules.measure_localisation.output, LOCALISERS),
        development=lambda wildcards: (
            [] if wildcards.ledger == "cw_fields" else of_networks(rules.measure_development.output, DEVELOPING)
        ),
        spectra=of_networks(rules.measure_spectra.output, LOCALISERS),
    output:
        table="results/{ledger}_claims.csv",
        page="results/{ledger}_claims.md",
    log:
        "logs/{ledger}_claims.log",
    wildcard_constraints:
        ledger=any_of(LEDGERS),
    localrule: True
    params:
        code=code_of("sslgrid.commands.check_claims"),
    shell:
        "python -m sslgrid.commands.check_claims --ledger {wildcards.ledger} --training {input.training} "
        "--tuning {input.tuning} --modules {input.modules} --localisation {input.localisation} "
        "--development {input.development} --spectra {input.spectra} "
        "--table {output.table} --page {output.page} 2>&1 | tee {log}"


for _ledger, _title in (("cw", "what holds of localisers"), ("cw_paper", "what holds of the paper's recipe")):
    figure(
        f"{_ledger}_claims",
        category="Claims",
        title=_title,
        inputs={"table": expand(rules.check_localiser_claims.output.table, ledger=_ledger)},
        drawn_by="claims",
        caption="cw_claims",
    )
del _ledger, _title


# What makes fields, and what makes them regular. `snakemake cw_fields --configfile studies/cw_fields.yaml`
rule compare_spectra:
    input:
        modules=of_localisers(rules.measure_modules.output, LOCALISERS) or NO_LOCALISER,
        localisation=of_networks(rules.measure_localisation.output, LOCALISERS),
        spectra=of_networks(rules.measure_spectra.output, LOCALISERS),
    output:
        "results/spectra/networks.csv",
    log:
        "logs/spectra/networks.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.compare_spectra"),
    shell:
        "python -m sslgrid.commands.compare_spectra --modules {input.modules} --localisation {input.localisation} "
        "--spectra {input.spectra} --table {output} 2>&1 | tee {log}"


figure(
    "cw_spectra",
    category="Cueva & Wei 2018",
    title="what brings fields",
    inputs={"spectra": of_networks(rules.measure_spectra.output, LOCALISERS) or NO_LOCALISER},
)
