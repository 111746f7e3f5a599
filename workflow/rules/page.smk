# All results as one page that opens without a network. The maps of all units are in its browser of units instead of the
# figures of the supplement. To keep the page small, two networks of the shown condition have their other arenas in it.
PAGE_FIGURES = {
    name: figure
    for name, figure in FIGURES.items()
    if figure.files(name)["png"] in OF_TRAINED and figure.drawn_by != "supp_ratemaps"
}
MOST_WALKED = {SHOWN["condition"]: SEEDS[:2]}


rule results_page:
    input:
        claims=rules.check_claims.output.table,
        conditions=rules.compare_conditions.output,
        figures=[figure.files(name)["png"] for name, figure in PAGE_FIGURES.items()],
        captions=sorted({from_here(f"workflow/report/{figure.caption}.rst") for figure in PAGE_FIGURES.values()}),
        tuning=[
            *of_networks(rules.measure_tuning.output, NETWORKS, arena=SHOWN["arena"]),
            *of_networks(rules.measure_tuning.output, MOST_WALKED, arena=SHOWN["other_arenas"]),
        ],
        ratemaps=[
            *of_networks(rules.map_rates.output, NETWORKS, arena=SHOWN["arena"]),
            *of_networks(rules.map_rates.output, MOST_WALKED, arena=SHOWN["other_arenas"]),
        ],
        geometry=of_networks(rules.measure_geometry.output, SHOWN_NETWORKS),
        style=from_here("workflow/page/page.css"),
        script=from_here("workflow/page/page.js"),
    output:
        report(
            f"{SHOWN_RESULTS}/index.html",
            category="All results",
            labels={"figure": "claims, figures and units in one page"},
            caption="../report/results_page.rst",
        ),
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
