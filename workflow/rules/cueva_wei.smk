# Networks that learn to localise themselves (Cueva & Wei 2018). Rate maps, tuning and emergence are measured by the rules
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
        long_steps=STUDY.figures["long_steps"],
    shell:
        "python -m sslgrid.commands.measure_localisation --weights {input.weights} --localisation {output} "
        "--long-steps {params.long_steps} --threads {threads} 2>&1 | tee {log}"
