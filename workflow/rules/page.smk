# All results as one page that opens without a network.
PAGE_FIGURES = {
    name: FIGURES[name] for name in FIGURES if all(file in OF_TRAINED for file in FIGURES[name].files(name).values())
}


rule results_page:
    input:
        claims=rules.check_claims.output.table,
        conditions=rules.compare_conditions.output,
        figures=[figure.files(name)["png"] for name, figure in PAGE_FIGURES.items()],
        captions=sorted({str(HERE / f"workflow/report/{figure.caption}.rst") for figure in PAGE_FIGURES.values()}),
        tuning=[
            *of_networks(rules.measure_tuning.output, NETWORKS, arena=SHOWN["arena"]),
            *of_networks(rules.measure_tuning.output, SHOWN_NETWORKS, arena=SHOWN["other_arenas"]),
        ],
        ratemaps=[
            *of_networks(rules.map_rates.output, NETWORKS, arena=SHOWN["arena"]),
            *of_networks(rules.map_rates.output, SHOWN_NETWORKS, arena=SHOWN["other_arenas"]),
        ],
        geometry=of_networks(rules.measure_geometry.output, SHOWN_NETWORKS),
        style=str(HERE / "workflow/page/page.css"),
        script=str(HERE / "workflow/page/page.js"),
    output:
        "results/index.html",
    log:
        "logs/page.log",
    localrule: True
    params:
        code=code_of("sslgrid.figures.page"),
        inputs=flags,
        titles=as_json({name: f"{figure.category}: {figure.title}" for name, figure in PAGE_FIGURES.items()}),
        captioned=as_json({name: figure.caption for name, figure in PAGE_FIGURES.items()}),
        config=lambda wildcards: json.dumps(config, indent=1, sort_keys=True),
    shell:
        "python -m sslgrid.figures.page {params.inputs} --titles {params.titles:q} "
        "--captioned {params.captioned:q} --config {params.config:q} --page {output} 2>&1 | tee {log}"
