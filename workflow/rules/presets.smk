# The paper's own size: `--directory paper --config preset=paper`, and with the laptop's optimiser preset=paper_fast. Each
# works in a folder of its own, since its networks have the laptop's names. What it costs is told before it is paid.
rule estimate_preset:
    output:
        "results/preset/cost.csv",
    log:
        "logs/preset/cost.log",
    priority: COST_FIRST + 1
    threads: all_cores()
    resources:
        gpu=gpus_for_training(),
        device=DEVICE,
    params:
        code=code_of("sslgrid.commands.estimate_cost"),
        sizes=as_json(sizes_of((STUDY.conditions[name], len(NETWORKS[name])) for name in STUDY.conditions)),
        gpus=workflow.global_resources.get("gpu").value or 1,
    shell:
        "printf '%s' {params.sizes:q} | python -m sslgrid.commands.estimate_cost --sizes /dev/stdin "
        "--cores {threads} --gpus {params.gpus} --device {resources.device} --table {output} 2>&1 | tee {log}"


# What all networks of the study cost, whether they are there or not. Without outputs it always runs, and so always tells.
rule estimate:
    input:
        rules.estimate_preset.output,
        rules.estimate_localisers.output if LOCALISERS else [],
    log:
        "logs/estimate.log",
    localrule: True
    shell:
        "cat {input} 2>&1 | tee {log}"


COST_OF_PRESET = [] if config.get("preset", LAPTOP) == LAPTOP else rules.estimate_preset.output
