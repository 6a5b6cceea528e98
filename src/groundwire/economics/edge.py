"""Serving on the user's own device: free of charge to you but for delivering the model and for those it can't serve."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["cloud_share", "delivery_cost"]

Array = npt.NDArray[np.float64]
Number = npt.ArrayLike


def cloud_share(capable_share: Number, eligible_share: Number) -> Array:
    """Share of requests that the cloud still serves: ``1 - c e``.

    Args:
        capable_share: Users whose device can run the model, c. [1]
        eligible_share: Requests that the device's model answers well enough, e. [1]

    Returns:
        [1]

    Example:
        >>> float(cloud_share(0.5, 0.8))
        0.6
    """
    return np.asarray(1.0 - np.asarray(capable_share, float) * np.asarray(eligible_share, float))


def delivery_cost(weight_bytes: Number, price: Number, downloads: Number, capable_users: Number) -> Array:
    """Sending the model to devices: ``W * p * d * u``.

    Args:
        weight_bytes: The model as stored, W. [byte]
        price: Content delivery, p (0.02 USD/GB is 2e-11 USD/byte). [USD/byte]
        downloads: Per user, d (0.2 a month is 7.6e-8 per second). [1/(user s)]
        capable_users: u. [user]

    Returns:
        [USD/s]

    Example:
        >>> month = 2_629_800.0
        >>> round(float(delivery_cost(2e9, 2e-11, 0.2 / month, 10_000)) * month, 6)  # 2 GB x 2 ct x 0.2 x 10 000
        80.0
    """
    return np.asarray(
        np.asarray(weight_bytes, float) * np.asarray(price) * np.asarray(downloads) * np.asarray(capable_users)
    )
