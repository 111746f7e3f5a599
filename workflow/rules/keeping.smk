# What to keep, and what to hand on. None is made by `figures`.
STUDY_ON_DISK = as_json(
    {
        "networks": {
            **STUDY.seeds,
            **{name: sweep.seeds for sweep in SWEEPS.values() for name in sweep.names if name not in STUDY.seeds},
        },
        "arenas": list(STUDY.arenas),
    }
)


# Files of conditions, seeds and arenas that the study has no more. They are listed; `--config remove=true` removes them.
rule prune:
    log:
        "logs/prune.log",
    localrule: True
    params:
        study=STUDY_ON_DISK,
        option="--remove" if REMOVE else "",
    shell:
        "(printf '%s' {params.study:q} | python -m sslgrid.commands.prune --study /dev/stdin {params.option} "
        "--how '--config remove=true') 2>&1 | tee {log}"


# Checkpoints of trainings that have ended: without them a network whose files get lost is trained again.
rule prune_checkpoints:
    log:
        "logs/prune_checkpoints.log",
    localrule: True
    params:
        study=STUDY_ON_DISK,
        option="--remove" if REMOVE else "",
    shell:
        "(printf '%s' {params.study:q} | python -m sslgrid.commands.prune --study /dev/stdin --checkpoints "
        "{params.option} --how '--config remove=true') 2>&1 | tee {log}"


# results/ as an RO-Crate.
rule crate:
    input:
        figures=OF_TRAINED,
        tables=[*NUMBERS, rules.check_claims.output.page, rules.list_units.output, rules.results_page.output],
        configs=collect(rules.write_condition.output, condition=NETWORKS),
    output:
        "results/ro-crate-metadata.json",
    log:
        "logs/crate.log",
    localrule: True
    params:
        code=code_of("sslgrid.commands.crate"),
    shell:
        "python -m sslgrid.commands.crate --files {input} --crate {output} 2>&1 | tee {log}"
