"""SABR: volatilities by the expansion of Hagan, Kumar, Lesniewski and Woodward (2002), β = ½."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.programs.calibration.quotes import calibration

__all__ = ["WORK"]

BETA = 0.5


def volatility(m: Any, alpha: Any, rho: Any, nu: Any, strike: Any, time: Any) -> Any:
    """The lognormal volatility of a forward of 1, off the money."""
    distance = -m.log(strike)
    middle = strike ** (0.5 * (1.0 - BETA))
    z = nu / alpha * middle * distance
    ratio = z / m.log((m.sqrt(1.0 - 2.0 * rho * z + z * z) + z - rho) / (1.0 - rho))
    squared = ((1.0 - BETA) * distance) ** 2
    spread = middle * (1.0 + squared / 24.0 + squared * squared / 1920.0)
    drift = (
        ((1.0 - BETA) * alpha / middle) ** 2 / 24.0
        + rho * BETA * nu * alpha / (4.0 * middle)
        + (2.0 - 3.0 * rho * rho) * nu * nu / 24.0
    )
    return alpha / spread * ratio * (1.0 + drift * time)


WORK = calibration("SABR", volatility, (0.2, -0.3, 0.5), (0.25, -0.1, 0.4), 0.5)
