# A figure reads NetCDF and draws. Its own module is its code, so an edited plot reruns that plot alone.
figure(
    "training_curves",
    category="Training",
    title="training curves",
    inputs={"histories": of_networks(NETWORK["history"], SHOWN_NETWORKS)},
    folder=SHOWN_FOLDER,
)
figure(
    "fig1",
    category="Schaeffer et al. 2023",
    title="1: framework",
    inputs={"model": collect(rules.write_condition.output, condition=SHOWN["condition"])},
    options=f"--seed {SEEDS[0]}",
    folder=SHOWN_FOLDER,
)
figure(
    "fig2",
    category="Schaeffer et al. 2023",
    title="2: several modules",
    inputs=units(SHOWN_NETWORKS, SHOWN["arena"]),
    folder=SHOWN_FOLDER,
)
figure(
    "fig5_ablations",
    category="Schaeffer et al. 2023",
    title="5: ablations",
    inputs={
        "models": collect(rules.write_condition.output, condition=NETWORKS),
        "looks": rules.write_looks.output,
        **units(NETWORKS, SHOWN["arena"], maps_of=FIRST_OF_EACH),
    },
)
for _condition, _seeds in STUDY.seeds.items():
    figure(
        f"supp_ratemaps_{_condition}",
        category="Supplement",
        title=f"all units, {_condition}",
        inputs=units({_condition: _seeds}, STUDY.homes.get(_condition, SHOWN["arena"])),
        drawn_by="supp_ratemaps",
    )


# One rule for each figure that is declared, here or in the file of its stage.
for _name, _figure in FIGURES.items():
    _files = _figure.files(_name)

    rule:
        name:
            _name
        input:
            **_figure.inputs,
        output:
            pdf=_files["pdf"],
            svg=_files["svg"],
            png=report(
                _files["png"],
                category=_figure.category,
                labels={"figure": _figure.title},
                caption=f"../report/{_figure.caption}.rst",
            ),
        log:
            f"logs/figures/{_name}.log",
        priority: AT_ONCE
        localrule: True
        params:
            code=code_of(f"sslgrid.figures.{_figure.drawn_by}"),
            module=f"sslgrid.figures.{_figure.drawn_by}",
            inputs=flags,
            options=_figure.options,
        shell:
            "python -m {params.module} {params.inputs} {params.options} --figure {output.png} 2>&1 | tee {log}"


del _condition, _seeds, _name, _figure, _files

# What is drawn of trained networks, with or without their training.
OF_TRAINED = drawn(
    "fig1",
    "fig2",
    "fig3_generalisation",
    "fig4_module",
    "fig5_ablations",
    "coding",
    "one_torus",
    "claims",
    "calibration",
    "training_curves",
    *(["brain"] if RECORDINGS else []),
    *(f"supp_ratemaps_{condition}" for condition in STUDY.conditions),
)
