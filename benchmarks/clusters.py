"""DBSCAN beside scikit-learn: time, and whether cores and noise are the same."""

from __future__ import annotations

import numpy as np
from machine import machine, timed
from sklearn.cluster import DBSCAN

from hotspots.clusters import dbscan

EPS_M, MIN_SAMPLES = 100.0, 20


def main() -> None:
    rng = np.random.default_rng(1)
    print(f"## DBSCAN, eps {EPS_M:.0f} m, min_samples {MIN_SAMPLES}\n\n{machine()}\n")
    print("| points | ours, s | scikit-learn, s | same noise |\n|---|---|---|---|")
    for n in (10_000, 50_000):
        x, y = rng.normal(0, 3_000, (2, n))
        ours, labels = timed(lambda x=x, y=y: dbscan(x, y, eps_m=EPS_M, min_samples=MIN_SAMPLES))
        peer = DBSCAN(eps=EPS_M, min_samples=MIN_SAMPLES)
        points = np.column_stack([x, y])
        theirs, fitted = timed(lambda peer=peer, points=points: peer.fit(points), repeat=1)
        same = bool(np.array_equal(labels == -1, fitted.labels_ == -1))
        print(f"| {n:,} | {ours:.2f} | {theirs:.2f} | {'yes' if same else 'NO'} |")
    print()


if __name__ == "__main__":
    main()
