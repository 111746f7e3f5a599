"""Compiled loops whose results have the same bits on every processor and with any number of threads.

How to write one: `compiled` (compiled.py) is numba's njit without any licence to reorder or join operations. Read
vectors with `load` or, where a row may end, `load_first` (memory.py); compute with operators, `fma`, `select`
(vectors.py) and with exp2, tanh, sin_cos, log, normal_law (functions.py), which take vectors and single numbers alike;
`store` them. `product(A, B, C, add)` and `make_tile` (products.py) multiply matrices; `dot` (reductions.py) and
`total` (across_lanes.py) sum in a fixed order. `empty` allocates from the begin of a cache line on.

    @compiled
    def rates(x, found):                                  # (n,) contiguous float32 or float64
        for i in range(0, len(x), lanes(x.dtype)):
            v = tanh(load_first(x, i, len(x) - i))
            store_first(found, i, fma(v, 0.5, 1.0), len(x) - i)

What keeps the bits: a sum over k runs in rising order by `fma`, or in a fixed tree; what a thread may do alone is a
fixed piece, and pieces are added in order; `a * b + c` is rounded twice unless `fma` says otherwise; no numpy or math
function but abs and sqrt of numbers, no BLAS. A loop over plain numbers is fine too, LLVM does not reorder it.
"""
