# The paper's own size: `snakemake paper`, and with the laptop's optimiser `snakemake paper_fast`. Each has a folder of its
# own, paper/ or paper_fast/, since its networks have the laptop's names. What it costs is told before it is paid.
rule estimate_preset:
    output:
        "results/preset/cost.csv",
    log:
        "logs/preset/cost.log",
    priority: 1001
    threads: all_cores()
    resources:
        gpu=gpus_for_training(),
        device=DEVICE,
    params:
        code=code_of("sslgrid.commands.estimate_cost"),
        sizes=preset_sizes_json,
        gpus=workflow.global_resources.get("gpu").value or 1,
    shell:
        "printf '%s' {params.sizes:q} | python -m sslgrid.commands.estimate_cost --sizes /dev/stdin "
        "--cores {threads} --gpus {params.gpus} --device {resources.device} --table {output} 2>&1 | tee {log}"


for name in PRESETS:

    rule:
        name:
            name
        input:
            rules.estimate_preset.output,
            rules.figures.input,
