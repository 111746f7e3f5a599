"""How many threads numpy's matrix products use in a stage that only measures."""

from threadpoolctl import threadpool_limits


def use_blas_threads(count: int) -> None:
    """Let numpy's and scipy's libraries of linear algebra work with `count` threads."""
    threadpool_limits(limits=count, user_api="blas")
