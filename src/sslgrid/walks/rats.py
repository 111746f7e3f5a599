"""Smooth walks of a random rat: the motion model of RatInABox (George et al. 2024), compiled.

RatInABox takes half a millisecond for a step, this a few microseconds. It draws the same random numbers in the same
order, so its walks are RatInABox's but for rounding (`tests/unit/walks/test_rats.py`). Its own rounding is the same on
every processor.

The speed and the rate of turning are Ornstein-Uhlenbeck processes, the speed's law is Rayleigh's. Within `REACH` of a
wall the rat is turned away, and carried away, from it; at a wall it bounces.
"""

import math

import numpy as np

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import exp2, log, normal_law, sin_cos

# RatInABox's seconds only set the scale here: with ten updates a second and turns that persist for 0.4 s, a walk curves
# over about ten steps, as a rat's path does.
STEP = 0.1  # s
SPEED_TIME = 1.0  # s, for which a speed persists
TURNING_TIME = 0.4  # s, for which a rate of turning persists
TURNING = math.radians(90)  # rad/s, standard deviation
THIGMOTAXIS = 0.3  # tendency to stay at walls, in [0, 1]
REACH = 0.1  # m, of a wall's repulsion
LEAST_SHARE = 1e-6  # of the speed's law on either side: a share of 0 or 1 has no normal number
# RatInABox shakes points and walls where it intersects them, so that no two lines are parallel.
SHAKEN, SHAKEN_AT_CROSSINGS = 1e-6, 1e-9  # m


def rat_walks(corners: np.ndarray, walks: int, steps: int, mean_speed: float, fastest: float, seed: int) -> np.ndarray:
    """Walks (walk, step + 1, 2) m from the origin, held back where a step would be longer than `fastest`.

    corners: (corner, 2) m of a convex arena, anticlockwise, the origin inside. mean_speed, fastest: m per step.
    """
    centre = np.full(2, np.abs(corners).max())  # RatInABox's arenas lie in the first quadrant
    shifted = np.ascontiguousarray(corners + centre)
    positions = np.zeros((walks, steps + 1, 2))
    _walk(positions, shifted, centre, mean_speed / STEP, fastest, seed)
    return positions


@compiled
def _walk(positions, corners, centre, speed_scale, fastest, seed):
    np.random.seed(seed)  # noqa: NPY002, compiled code has a generator of its own
    walls = np.empty((len(corners), 2, 2))
    for wall in range(len(corners)):  # each begins where the next one ends, as in RatInABox
        walls[wall, 0], walls[wall, 1] = corners[(wall + 1) % len(corners)], corners[wall]
    shaken, velocity, place, before = np.empty((len(walls), 2, 2)), np.empty(2), np.empty(2), np.empty(2)
    for path in positions:
        _draw_place(corners, place)  # where RatInABox would begin
        sine, cosine = sin_cos(np.random.uniform(0, 2 * np.pi))  # noqa: NPY002
        velocity[0], velocity[1] = speed_scale * cosine, speed_scale * sine
        turning = 0.0
        place[:] = centre
        for step in range(1, len(path)):
            before[:] = place
            turning = _drive(velocity, turning, speed_scale)
            _avoid_walls(place, velocity, walls, shaken, speed_scale)
            place += velocity * STEP
            _bounce(place, velocity, before, walls, shaken, speed_scale)
            if not _is_inside(place, corners):
                _draw_place(corners, place)
            moved = math.sqrt((place[0] - before[0]) ** 2 + (place[1] - before[1]) ** 2)
            if moved > fastest:
                place[:] = before + (place - before) * (fastest / moved)
            path[step] = place - centre


@compiled
def _normal(scale):
    return scale * np.random.standard_normal()  # noqa: NPY002


@compiled
def _drift(x, scale, time):
    """What a step adds to an Ornstein-Uhlenbeck process about 0, of this standard deviation and time (s)."""
    return -x / time * STEP + math.sqrt(2 * scale * scale / (time * STEP)) * _normal(STEP)


@compiled
def _drive(velocity, turning, speed_scale):
    """Turn a velocity and change its speed. turning: its rate, rad/s; the new one is returned."""
    turning += _drift(turning, TURNING, TURNING_TIME)
    sine, cosine = sin_cos(turning * STEP)
    x, y = velocity
    velocity[0], velocity[1] = cosine * x - sine * y, sine * x + cosine * y
    speed = math.sqrt(velocity[0] ** 2 + velocity[1] ** 2)
    if speed == 0:
        velocity[0], velocity[1], speed = 1e-8, 0.0, 1e-8
    share = 1 - exp2(-(speed * speed) / (2 * speed_scale * speed_scale) / math.log(2))
    normal = normal_number(min(max(LEAST_SHARE, share), 1 - LEAST_SHARE))
    normal += _drift(normal, 1.0, SPEED_TIME)
    velocity *= speed_scale * math.sqrt(-2 * log(1 - normal_law(normal))) / speed
    return turning


@compiled
def _avoid_walls(place, velocity, walls, shaken, speed_scale):
    """Turn the velocity away from near walls, like a spring, and carry the rat away from them, like a conveyor belt."""
    x, y = place[0] + _normal(SHAKEN), place[1] + _normal(SHAKEN)
    _shake(walls, shaken, SHAKEN)
    push_x = push_y = carry_x = carry_y = 0.0
    for wall in shaken:
        along_x, along_y = wall[1, 0] - wall[0, 0], wall[1, 1] - wall[0, 1]
        share = ((x - wall[0, 0]) * along_x + (y - wall[0, 1]) * along_y) / (along_x * along_x + along_y * along_y)
        share = min(max(share, 0.0), 1.0)
        away_x, away_y = x - (wall[0, 0] + share * along_x), y - (wall[0, 1] + share * along_y)
        distance = math.sqrt(away_x * away_x + away_y * away_y)
        if distance <= REACH:
            inward = REACH - distance
            spring = speed_scale**2 / REACH**2 * inward / distance
            belt = speed_scale * (1 - math.sqrt(1 - inward**2 / REACH**2)) / distance
            push_x, push_y = push_x + spring * away_x, push_y + spring * away_y
            carry_x, carry_y = carry_x + belt * away_x, carry_y + belt * away_y
    push, carry = 3 * (1 - THIGMOTAXIS) ** 2 * STEP, 6 * THIGMOTAXIS**2 * STEP
    velocity[0] += push * push_x
    velocity[1] += push * push_y
    place[0] += carry * carry_x
    place[1] += carry * carry_y


@compiled
def _bounce(place, velocity, before, walls, shaken, speed_scale):
    """Reflect the velocity, at half of the speed, until the step from `before` crosses no wall."""
    while True:
        hit = _first_crossed(place, before, walls, shaken)
        if hit < 0:
            return
        along_x, along_y = walls[hit, 1] - walls[hit, 0]
        length = math.sqrt(along_x * along_x + along_y * along_y)
        along_x, along_y = along_x / length, along_y / length
        along = velocity[0] * along_x + velocity[1] * along_y
        across = velocity[1] * along_x - velocity[0] * along_y
        x, y = along * along_x + across * along_y, along * along_y - across * along_x
        slowed = 0.5 * speed_scale / math.sqrt(x * x + y * y)
        velocity[0], velocity[1] = slowed * x, slowed * y
        place[:] = before + velocity * STEP


@compiled
def _first_crossed(place, before, walls, shaken):
    """The first wall that the step from `before` to `place` crosses, or -1."""
    _shake(walls, shaken, SHAKEN_AT_CROSSINGS)
    from_x, from_y = before[0] + _normal(SHAKEN_AT_CROSSINGS), before[1] + _normal(SHAKEN_AT_CROSSINGS)
    to_x, to_y = place[0] + _normal(SHAKEN_AT_CROSSINGS), place[1] + _normal(SHAKEN_AT_CROSSINGS)
    step_x, step_y = to_x - from_x, to_y - from_y
    for number, wall in enumerate(shaken):
        along_x, along_y = wall[1, 0] - wall[0, 0], wall[1, 1] - wall[0, 1]
        gap_x, gap_y = from_x - wall[0, 0], from_y - wall[0, 1]
        turn = along_y * step_x - along_x * step_y
        of_wall, of_step = (gap_y * step_x - gap_x * step_y) / turn, (gap_y * along_x - gap_x * along_y) / turn
        if 0 < of_wall < 1 and 0 < of_step < 1:
            return number
    return -1


@compiled
def _shake(walls, shaken, scale):
    for wall in range(len(walls)):
        for end in range(2):
            for axis in range(2):
                shaken[wall, end, axis] = walls[wall, end, axis] + _normal(scale)


@compiled
def _is_inside(place, corners):
    for corner in range(len(corners)):
        x, y = corners[corner]
        next_x, next_y = corners[(corner + 1) % len(corners)]
        if (next_x - x) * (place[1] - y) - (next_y - y) * (place[0] - x) <= 0:
            return False
    return True


@compiled
def _draw_place(corners, place):
    """A random place in the arena."""
    while True:
        for axis in range(2):
            low, high = corners[:, axis].min(), corners[:, axis].max()
            place[axis] = low + (high - low) * np.random.random()  # noqa: NPY002
        if _is_inside(place, corners):
            return


@compiled
def _ratio(x, a, b):
    """Two polynomials of degree 7, the lowest power first, one over the other."""
    above, below = a[7], b[7]
    for power in range(6, -1, -1):
        above, below = above * x + a[power], below * x + b[power]
    return above / below


# Coefficients of Wichura (1988), algorithm AS 241: of the centre, of the tails, and of the far tails.
_A = (3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
      67265.770927008700853, 33430.575583588128105, 2509.0809287301226727)  # fmt: skip
_B = (1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
      39307.895800092710610, 28729.085735721942674, 5226.4952788528545610)  # fmt: skip
_C = (1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
      1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4)  # fmt: skip
_D = (1.0, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590,
      0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9)  # fmt: skip


@compiled
def normal_number(share):
    """The number below which the standard normal law has this share, from 1e-11 to 1 - 1e-11 (Wichura 1988)."""
    off = share - 0.5
    if abs(off) <= 0.425:
        return off * _ratio(0.180625 - off * off, _A, _B)
    tail = math.sqrt(-log(min(share, 1 - share)))
    size = _ratio(tail - 1.6, _C, _D)
    return -size if off < 0 else size
