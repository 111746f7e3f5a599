# What happens before the first job of a run.
import shutil
from collections import Counter

from snakemake.logging import logger

from sslgrid.machine.progress import Progress, bottom_line
from sslgrid.store.folder import hold_folder


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
    steps = Counter(job.rule.name for job in workflow.dag.needrun_jobs())
    logger.info(f"{steps.total()} steps to do. What each says is kept in logs/.")
    logger.addFilter(Progress(steps, bottom_line(sys.stderr)))
