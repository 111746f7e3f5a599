# What happens before the first job of a run.
import shutil
from pathlib import Path
from collections import Counter

from snakemake.logging import logger

from sslgrid.machine.progress import Progress, bottom_line
from sslgrid.store.folder import hold_folder
from sslgrid.store.releases import releases_of


def start_work():
    """Before the first job: say in one line what would stop all of them."""
    if workflow.non_local_exec:
        if ASKED_DEVICE is None:
            raise WorkflowError(
                "jobs go to other machines, and device is not said; add device=cuda (each training asks for a GPU) or "
                "device=cpu to --config. A --config on the command line replaces that of the profile."
            )
        if workflow.executor_plugin.name == "slurm" and shutil.which("sbatch") is None:
            raise WorkflowError(
                "sbatch is not on the PATH, so no job can be submitted to SLURM; run this where jobs are submitted, or "
                "leave out `--workflow-profile profiles/slurm` to work on this machine"
            )
    try:
        start_work.held = hold_folder()
    except InputError as error:
        raise WorkflowError(str(error)) from None
    jobs = list(workflow.dag.needrun_jobs())
    tell_of_fewer_cores()
    steps = Counter(job.rule.name for job in jobs)
    logger.info(f"{steps.total()} steps to do. What each says is kept in logs/.")
    tell_of_older_results([job for job in jobs if workflow.dag.reason(job).params_changed])
    logger.addFilter(Progress(steps, bottom_line(sys.stderr)))


def tell_of_fewer_cores():
    """Snakemake counts the processors of the host; a container, a cgroup or an affinity may grant fewer."""
    from joblib import cpu_count  # which takes a moment that dry runs do not need

    granted = cpu_count()
    if not workflow.non_local_exec and granted < workflow.cores:
        logger.info(
            f"{workflow.cores} cores are to be used and {granted} are granted to this process, so jobs will wait for "
            f"each other: --cores {granted} starts no more than can run"
        )


def tell_of_older_results(jobs):
    """After an upgrade: say in one line what is made again, and how to keep it. jobs: whose code or settings changed."""
    if jobs:
        releases = " and ".join(releases_of(Path(file) for job in jobs for file in job.output)) or "an unknown release"
        logger.info(
            f"{len(jobs)} of these steps, and what follows from them, make results anew: the code or the settings have "
            f"changed since they were made (by sslgrid {releases}). All other results are kept. To keep these as well, "
            "stop this and run: snakemake --touch"
        )
