# A figure reads NetCDF and draws. Its own module is its code, so an edited plot reruns that plot alone.


rule training_curves:
    input:
        histories=collect(rules.train_network.output.history, condition=SHOWN["condition"], seed=SEEDS),
    output:
        pdf="results/figures/training_curves.pdf",
        svg="results/figures/training_curves.svg",
        png=report(
            "results/figures/training_curves.png",
            category="Training",
            labels={"figure": "training curves"},
            caption="../report/training_curves.rst",
        ),
    log:
        "logs/figures/training_curves.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.training_curves"),
    shell:
        "python -m sslgrid.figures.training_curves --histories {input.histories} --figure {output.png} 2>&1 | tee {log}"


rule fig1:
    input:
        model=f"results/config/{SHOWN['condition']}.json",
    output:
        pdf="results/figures/fig1.pdf",
        svg="results/figures/fig1.svg",
        png=report(
            "results/figures/fig1.png",
            category="Schaeffer et al. 2023",
            labels={"figure": "1: framework"},
            caption="../report/fig1.rst",
        ),
    log:
        "logs/figures/fig1.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.fig1"),
        seed=SEEDS[0],
    shell:
        "python -m sslgrid.figures.fig1 --model {input.model} --seed {params.seed} --figure {output.png} "
        "2>&1 | tee {log}"


rule fig2:
    input:
        tuning=of_networks(rules.measure_tuning.output, {SHOWN["condition"]: SEEDS}, arena=SHOWN["arena"]),
        modules=of_networks(rules.measure_modules.output, {SHOWN["condition"]: SEEDS}, arena=SHOWN["arena"]),
        histories=of_networks(rules.train_network.output.history, {SHOWN["condition"]: SEEDS}),
        ratemaps=of_networks(rules.map_rates.output, {SHOWN["condition"]: SEEDS}, arena=SHOWN["arena"]),
    output:
        pdf="results/figures/fig2.pdf",
        svg="results/figures/fig2.svg",
        png=report(
            "results/figures/fig2.png",
            category="Schaeffer et al. 2023",
            labels={"figure": "2: several modules"},
            caption="../report/fig2.rst",
        ),
    log:
        "logs/figures/fig2.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.fig2"),
    shell:
        "python -m sslgrid.figures.fig2 --tuning {input.tuning} --modules {input.modules} "
        "--histories {input.histories} --ratemaps {input.ratemaps} --figure {output.png} 2>&1 | tee {log}"


rule fig5_ablations:
    input:
        models=collect("results/config/{condition}.json", condition=NETWORKS),
        tuning=of_networks(rules.measure_tuning.output, NETWORKS, arena=SHOWN["arena"]),
        modules=of_networks(rules.measure_modules.output, NETWORKS, arena=SHOWN["arena"]),
        histories=of_networks(rules.train_network.output.history, NETWORKS),
        ratemaps=of_networks(rules.map_rates.output, FIRST_OF_EACH, arena=SHOWN["arena"]),
    output:
        pdf="results/figures/fig5_ablations.pdf",
        svg="results/figures/fig5_ablations.svg",
        png=report(
            "results/figures/fig5_ablations.png",
            category="Schaeffer et al. 2023",
            labels={"figure": "5: ablations"},
            caption="../report/fig5_ablations.rst",
        ),
    log:
        "logs/figures/fig5_ablations.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.fig5_ablations"),
    shell:
        "python -m sslgrid.figures.fig5_ablations --models {input.models} --tuning {input.tuning} "
        "--modules {input.modules} --histories {input.histories} --ratemaps {input.ratemaps} --figure {output.png} "
        "2>&1 | tee {log}"


for condition, seeds in STUDY.seeds.items():
    home = STUDY.homes.get(condition, SHOWN["arena"])

    rule:
        name:
            f"supp_ratemaps_{condition}"
        input:
            tuning=of_networks(rules.measure_tuning.output, {condition: seeds}, arena=home),
            modules=of_networks(rules.measure_modules.output, {condition: seeds}, arena=home),
            histories=of_networks(rules.train_network.output.history, {condition: seeds}),
            ratemaps=of_networks(rules.map_rates.output, {condition: seeds}, arena=home),
        output:
            pdf=f"results/figures/supp_ratemaps_{condition}.pdf",
            svg=f"results/figures/supp_ratemaps_{condition}.svg",
            png=report(
                f"results/figures/supp_ratemaps_{condition}.png",
                category="Supplement",
                labels={"figure": f"all units, {condition}"},
                caption="../report/supp_ratemaps.rst",
            ),
        log:
            f"logs/figures/supp_ratemaps_{condition}.log",
        priority: AT_ONCE
        params:
            code=code_of("sslgrid.figures.supp_ratemaps"),
        shell:
            "python -m sslgrid.figures.supp_ratemaps --tuning {input.tuning} --modules {input.modules} "
            "--histories {input.histories} --ratemaps {input.ratemaps} --figure {output.png} 2>&1 | tee {log}"
