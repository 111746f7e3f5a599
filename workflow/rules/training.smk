# The checkpoints are no declared output: snakemake deletes those before it tries again. runtime: minutes until a cluster
# kills the job, set in its profile, and 0 for no limit: the training ends itself in time, and a retry goes on.
rule train_network:
    input:
        model=rules.write_condition.output,
    output:
        **NETWORK,
    log:
        "logs/training/{condition}/seed{seed}.log",
    benchmark:
        "benchmarks/training/{condition}/seed{seed}.tsv"
    wildcard_constraints:
        condition=any_of(name for name in STUDY.sic_models if name not in TAKEN | TAKEN_AS_MAPS),
    priority: shown_first(4, for_figure_2=True)
    threads: 1
    resources:
        gpu=gpus_for_training(),
        device=DEVICE,
        runtime=0,
    params:
        code=code_of("sslgrid.commands.train"),
    shell:
        "python -m sslgrid.commands.train --model {input.model} --seed {wildcards.seed} "
        "--weights {output.weights} --history {output.history} --snapshots {output.snapshots} "
        "--checkpoints checkpoints/{wildcards.condition}/seed{wildcards.seed} --threads {threads} "
        "--device {resources.device} --time-budget-min {resources.runtime} "
        "2>&1 | tee {log}"


# The same files of a network that learns to localise itself. Its training is other code, so that an edit there trains no
# SIC network again.
rule train_localiser:
    input:
        model=rules.write_condition.output,
    output:
        **NETWORK,
    log:
        "logs/training/{condition}/seed{seed}.log",
    benchmark:
        "benchmarks/training/{condition}/seed{seed}.tsv"
    wildcard_constraints:
        condition=any_of(name for name in STUDY.localisers if name not in TAKEN),
    priority: 4
    threads: 1
    resources:
        gpu=gpus_for_training(),
        device=DEVICE,
        runtime=0,
    params:
        code=code_of("sslgrid.commands.train_localiser"),
    shell:
        "python -m sslgrid.commands.train_localiser --model {input.model} --seed {wildcards.seed} "
        "--weights {output.weights} --history {output.history} --snapshots {output.snapshots} "
        "--checkpoints checkpoints/{wildcards.condition}/seed{wildcards.seed} --threads {threads} "
        "--device {resources.device} --time-budget-min {resources.runtime} "
        "2>&1 | tee {log}"


# Beside a run, too: it reads what is on disk now, needs no other job, and so takes no hold of the folder (start.smk).
rule training_curves_so_far:
    log:
        "logs/figures/training_curves_so_far.log",
    localrule: True
    params:
        histories=lambda wildcards: histories_so_far(ended=True),
        rows=lambda wildcards: histories_so_far(ended=False),
        figure=f"{SHOWN_FOLDER}/training_curves_so_far.png",
    shell:
        "python -m sslgrid.figures.training_curves --histories {params.histories} --rows {params.rows} "
        "--figure {params.figure} 2>&1 | tee {log}"
