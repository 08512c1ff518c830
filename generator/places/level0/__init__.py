"""Level 0: mono-yellow wallpaper, moist carpet, fluorescent lights at maximum hum-buzz."""
