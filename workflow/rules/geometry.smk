# The dissection of networks: those of the shown condition by their largest module, the negative controls as a whole.
rule measure_geometry:
    input:
        weights=rules.train_network.output.weights,
        arena=in_arena(rules.write_arena.output, SHOWN["arena"]),
        walks=in_arena(rules.sample_walks.output, SHOWN["arena"]),
        ratemaps=in_arena(rules.map_rates.output, SHOWN["arena"]),
        tuning=in_arena(rules.measure_tuning.output, SHOWN["arena"]),
    output:
        "results/geometry/{condition}/seed{seed}.nc",
    log:
        "logs/geometry/{condition}/seed{seed}.log",
    priority: shown_first(1)
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_geometry"),
        population=dissected_population,
        draws=STUDY.measures["torus_draws"],
    shell:
        "python -m sslgrid.commands.measure_geometry --weights {input.weights} --arena {input.arena} "
        "--walks {input.walks} --ratemaps {input.ratemaps} --tuning {input.tuning} --population {params.population} "
        "--geometry {output} --draws {params.draws} --threads {threads} 2>&1 | tee {log}"


rule fig4_module:
    input:
        tuning=collect(rules.measure_tuning.output, seed=SEEDS, **SHOWN),
        geometry=collect(rules.measure_geometry.output, seed=SEEDS, condition=SHOWN["condition"]),
        controls=of_networks(rules.measure_geometry.output, CONTROLS),
    output:
        pdf="results/figures/fig4_module.pdf",
        svg="results/figures/fig4_module.svg",
        png=report(
            "results/figures/fig4_module.png",
            category="Schaeffer et al. 2023",
            labels={"figure": "4: one module and its torus"},
            caption="../report/fig4_module.rst",
        ),
    log:
        "logs/figures/fig4_module.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.fig4_module"),
        seeds=SEEDS,
    shell:
        "python -m sslgrid.figures.fig4_module --geometry {input.geometry} --tuning {input.tuning} "
        "--controls {input.controls} --seeds {params.seeds} --figure {output.png} 2>&1 | tee {log}"
