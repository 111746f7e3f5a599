# Released networks: how they are made of a finished run, and how a reviewer rebuilds the results from them. Both with
# `--configfile studies/review.yaml`, whose networks are few enough for a repository.
NUMBERS = [rules.check_claims.output.table, rules.compare_conditions.output]
MANIFEST = f"{RELEASED}/manifest.json" if RELEASED else refuse("name released networks: --config released=FOLDER")
# Networks that are not trained need no release.
WORTH_RELEASING = {
    condition: seeds for condition, seeds in NETWORKS.items() if STUDY.models[condition]["training"]["steps"]
}

RELEASED_AS_MAPS = seeds_of(name for name in WORTH_RELEASING if name in STUDY.released_as_maps)
RELEASED_WHOLE = seeds_of(name for name in WORTH_RELEASING if name not in STUDY.released_as_maps)


# In place of training, for the conditions that were released.
rule take_network:
    input:
        manifest=MANIFEST,
        model=rules.write_condition.output,
    output:
        weights=NETWORK["weights"],
        history=NETWORK["history"],
    log:
        "logs/training/{condition}/seed{seed}.log",
    wildcard_constraints:
        condition=any_of(sorted(TAKEN)),
    priority: shown_first(4, for_figure_2=True)
    localrule: True
    params:
        code=code_of("sslgrid.commands.take_network"),
        folder=RELEASED,
    shell:
        "python -m sslgrid.commands.take_network --released {params.folder} --model {input.model} "
        "--seed {wildcards.seed} --weights {output.weights} --history {output.history} 2>&1 | tee {log}"


# In place of training and of walking, for the conditions whose rate maps were released.
rule take_maps:
    input:
        manifest=MANIFEST,
        model=rules.write_condition.output,
        arena=expand(rules.write_arena.output, arena=SHOWN["arena"]),
    output:
        ratemaps=f"results/ratemaps/{{condition}}/seed{{seed}}/{SHOWN['arena']}.nc",
        history=NETWORK["history"],
    log:
        "logs/training/{condition}/seed{seed}.log",
    wildcard_constraints:
        condition=any_of(sorted(TAKEN_AS_MAPS)),
    priority: shown_first(4, for_figure_2=True)
    localrule: True
    params:
        code=code_of("sslgrid.commands.take_network"),
        folder=RELEASED,
    shell:
        "python -m sslgrid.commands.take_network --released {params.folder} --model {input.model} "
        "--seed {wildcards.seed} --arena {input.arena} --ratemaps {output.ratemaps} "
        "--history {output.history} 2>&1 | tee {log}"


rule release:
    input:
        weights=of_networks(NETWORK["weights"], RELEASED_WHOLE),
        ratemaps=of_networks(rules.map_rates.output, RELEASED_AS_MAPS, arena=SHOWN["arena"]),
        histories=of_networks(NETWORK["history"], WORTH_RELEASING),
        tables=NUMBERS,
    output:
        "released/manifest.json",
    log:
        "logs/release.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.release"),
        preset=config.get("preset", LAPTOP),
    shell:
        "python -m sslgrid.commands.release --weights {input.weights} --ratemaps {input.ratemaps} "
        "--tables {input.tables} --preset {params.preset} --folder released 2>&1 | tee {log}"


# What is about the training itself, emergence, needs its snapshots, which are too large to release.
rule review:
    input:
        manifest=MANIFEST,
        tables=NUMBERS,
        figures=[file for file in OF_TRAINED if str(file).endswith(".png")],
    output:
        "results/review.md",
    log:
        "logs/review.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.review"),
        folder=RELEASED,
    shell:
        "python -m sslgrid.commands.review --released {params.folder} --tables {input.tables} "
        "--figures {input.figures} --page {output} 2>&1 | tee {log}"


# The same of localisers. Their snapshots are too large to release; what is measured of them is not.
LOCALISERS_NUMBERS = [
    *expand(rules.check_localiser_claims.output.table, ledger=LEDGERS_OF_STUDY),
    rules.compare_spectra.output,
]
REVIEWED = [*(f"cw_fig{number}" for number in range(1, 7)), *CLAIMS_OF_LOCALISERS, "cw_spectra"]


rule take_development:
    input:
        manifest=MANIFEST,
        model=rules.write_condition.output,
        arena=lambda wildcards: expand(rules.write_arena.output, arena=STUDY.homes[wildcards.condition]),
    output:
        rules.measure_development.output,
    log:
        "logs/development/{condition}/seed{seed}.log",
    wildcard_constraints:
        condition=any_of(sorted(TAKEN & STUDY.localisers.keys())),
    localrule: True
    params:
        code=code_of("sslgrid.commands.take_network"),
        folder=RELEASED,
    shell:
        "python -m sslgrid.commands.take_network --released {params.folder} --model {input.model} "
        "--seed {wildcards.seed} --arena {input.arena} --development {output} 2>&1 | tee {log}"


rule release_localisers:
    input:
        weights=of_networks(NETWORK["weights"], LOCALISERS),
        histories=of_networks(NETWORK["history"], LOCALISERS),
        developments=of_networks(rules.measure_development.output, DEVELOPING),
        tables=LOCALISERS_NUMBERS,
    output:
        "released_localisers/manifest.json",
    log:
        "logs/release_localisers.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.release"),
        preset=config.get("preset", LAPTOP),
    shell:
        "python -m sslgrid.commands.release --weights {input.weights} --developments {input.developments} "
        "--tables {input.tables} --preset {params.preset} --folder released_localisers 2>&1 | tee {log}"


rule review_localisers:
    input:
        manifest=MANIFEST,
        tables=LOCALISERS_NUMBERS,
        figures=[FIGURES[name].files(name)["png"] for name in REVIEWED],
    output:
        "results/review_localisers.md",
    log:
        "logs/review_localisers.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.review"),
        folder=RELEASED,
    shell:
        "python -m sslgrid.commands.review --released {params.folder} --tables {input.tables} "
        "--figures {input.figures} --page {output} 2>&1 | tee {log}"
