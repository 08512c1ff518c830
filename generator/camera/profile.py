"""A camera in numbers: what a profile's name and the scene's own keys come to."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from ..scene.camera import CameraSettings


@dataclass(frozen=True)
class Camera:
    """One camera. Keys that the scene shares have the scene's units; the rest is the device.

    interlaced: two fields a frame, each line two sensor rows; else one progressive picture. well: where the sensor
    saturates, in white levels at no gain. knee: (start, slope, limit) of the highlights' compression, white levels.
    read_noise: rms of a dark pixel; shot_noise: variance a white level. open_exposure: exposure with the iris open.
    closed: least exposure as a share of it. jpeg: quality of a still camera's file, 0 = none.
    flash: whether its lamp is one.
    """

    interlaced: bool
    ae_target: float
    gain_up_db: float
    gain_noise: float
    white_error: float
    white_green: float
    distortion: float
    vignetting: float
    defocus: float
    smear: float
    bloom: float
    aperture_db: float
    setup: float
    osd: bool
    well: float = 3.0
    knee: tuple[float, float, float] = (0.85, 0.16, 1.06)
    read_noise: float = 0.0035
    shot_noise: float = 3.3e-5
    open_exposure: float = 7.5
    closed: float = 0.01
    jpeg: int = 0
    flash: bool = False


CAMCORDER = Camera(
    interlaced=True,
    ae_target=0.65,
    gain_up_db=18.0,
    gain_noise=1.0,
    white_error=7.0,
    white_green=0.095,
    distortion=0.045,
    vignetting=0.22,
    defocus=0.0025,
    smear=0.0004,
    bloom=0.065,
    aperture_db=3.0,
    setup=0.085,
    osd=True,
)
"""1/3-inch CCD with a x0.7 converter. Open exposure: 2000 lux on 89.9 % reflectance gives white at F4, so
91 cd/m2 do at F1.6. Noise: 30,000 electrons a well, 49 dB. Gain +18 dB. Setup: the player takes off 7.5 % that a camera
of NTSC-J does not put in, and its black sits 1 % low. Source: Sony CCD data sheets, Panasonic WV-F15, SMPTE 170M."""

CYBERSHOT = replace(
    CAMCORDER,
    interlaced=False,
    ae_target=0.44,
    gain_up_db=6.0,
    gain_noise=0.6,
    white_green=0.16,
    distortion=0.03,
    vignetting=0.15,
    defocus=0.0018,
    smear=0.0003,
    bloom=0.02,
    aperture_db=4.0,
    setup=0.02,
    osd=False,
    jpeg=82,
    flash=True,
)
IDEAL = replace(
    CAMCORDER,
    interlaced=False,
    white_error=0.0,
    white_green=0.0,
    gain_up_db=60.0,
    gain_noise=0.0,
    distortion=0.0,
    vignetting=0.0,
    defocus=0.0,
    smear=0.0,
    bloom=0.0,
    aperture_db=0.0,
    setup=0.0,
    osd=False,
    well=1e9,
    knee=(1.0, 0.0, 1.0),
)
PROFILES = {"camcorder-1996": CAMCORDER, "cybershot-2002": CYBERSHOT, "ideal": IDEAL}


def camera_for(settings: CameraSettings) -> Camera:
    """The camera that a scene asks for: its profile, then the scene's own keys."""
    own = {f.name: getattr(settings, f.name, None) for f in fields(Camera)}
    return replace(PROFILES[settings.profile], **{name: value for name, value in own.items() if value is not None})
