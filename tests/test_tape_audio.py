"""The tape's sound tracks measured: band, noise, flutter, length."""

import numpy as np
import pytest
from scipy import signal

from generator.scene.tape import TapeSettings
from generator.tape.audio import NOMINAL, played
from generator.video.sound import Spool

RATE = 48000
CLEAN = TapeSettings(audio_noise=0, flutter=0)


def tone(hz, seconds=2.0, level=0.1, channels=1):
    t = np.arange(int(RATE * seconds)) / RATE
    return np.repeat((level * np.sin(2 * np.pi * hz * t))[:, None], channels, axis=1)


def play_sound(sound, rate, settings, seed):
    return np.concatenate([np.zeros((0, sound.shape[1]), np.float32), *played([sound], rate, settings, seed)])


def gain_db(hz, settings):
    return 20 * np.log10(play_sound(tone(hz), RATE, settings, 1)[RATE // 2 :].std() / (0.1 / np.sqrt(2)))


def test_the_linear_track_passes_70_hz_to_10_khz():
    assert gain_db(1000, CLEAN) == pytest.approx(0, abs=0.5)
    assert gain_db(70, CLEAN) == pytest.approx(-3, abs=0.6)
    assert gain_db(10000, CLEAN) == pytest.approx(-3, abs=0.6)
    assert gain_db(15000, CLEAN) < -12
    assert gain_db(8000, TapeSettings(profile="ep", audio_noise=0, flutter=0)) < -10
    assert gain_db(16000, TapeSettings(audio="hifi", audio_noise=0, flutter=0)) > -2


def test_signal_to_noise_is_the_tracks():
    for settings, low, high in ((TapeSettings(), 37, 43), (TapeSettings(audio="hifi"), 63, 72)):
        noise = play_sound(np.zeros((RATE, 1)), RATE, settings, 1)
        assert low < 20 * np.log10(NOMINAL / noise.std()) < high


def test_flutter_is_under_a_quarter_percent_and_heard():
    wave = play_sound(tone(3000, 8.0), RATE, TapeSettings(audio_noise=0), 1)[:, 0]
    phase = np.unwrap(np.angle(signal.hilbert(wave)))
    speed = signal.decimate(np.diff(phase) * RATE / (2 * np.pi * 3000), 10)[2000:-2000] - 1
    assert 0.0005 < speed.std() < 0.0025


def test_length_and_channels_stay_and_off_changes_nothing():
    sound = tone(400, 0.5, channels=2)
    assert play_sound(sound, RATE, TapeSettings(), 1).shape == sound.shape
    assert play_sound(sound, RATE, TapeSettings(profile="off"), 1) == pytest.approx(sound)
    assert play_sound(np.zeros((0, 2)), RATE, TapeSettings(), 1).shape == (0, 2)


def test_the_linear_track_is_mono_and_hifi_is_not():
    sound = np.concatenate([tone(400), tone(900)], axis=1)
    linear = play_sound(sound, RATE, CLEAN, 1)
    assert np.array_equal(linear[:, 0], linear[:, 1])
    hifi = play_sound(sound, RATE, TapeSettings(audio="hifi"), 1)
    assert np.abs(hifi[:, 0] - hifi[:, 1]).max() > 0.05


def test_sound_stays_in_step_with_the_picture():
    sound = np.zeros((RATE * 4, 1))
    clicks = np.arange(1, 4) * RATE
    for k in clicks:
        sound[k : k + 200] = 0.8 * np.hanning(200)[:, None]
    played = np.abs(play_sound(sound, RATE, TapeSettings(audio_noise=0), 5)[:, 0])
    for k in clicks:
        assert abs(int(played[k - 2000 : k + 2000].argmax()) - 2100) < RATE / 60


def test_the_same_seed_gives_the_same_hiss():
    quiet = np.zeros((4800, 1))
    assert np.array_equal(play_sound(quiet, RATE, TapeSettings(), 7), play_sound(quiet, RATE, TapeSettings(), 7))
    assert not np.array_equal(play_sound(quiet, RATE, TapeSettings(), 7), play_sound(quiet, RATE, TapeSettings(), 8))


@pytest.mark.parametrize(
    "settings", [TapeSettings(), TapeSettings(audio="hifi", flutter=3.0), TapeSettings(profile="worn")]
)
def test_a_long_sound_may_come_in_blocks_of_any_length(settings):
    sound = np.concatenate([tone(400, 3.0), tone(900, 3.0)], axis=1)
    cuts = np.split(sound, [1, 700, 48000, 48001, 100000])
    blocks = list(played(cuts, RATE, settings, 3))
    assert max(len(block) for block in blocks) < len(sound)
    np.testing.assert_allclose(np.concatenate(blocks), play_sound(sound, RATE, settings, 3), atol=1e-6)


def test_a_spool_gives_what_was_put_on_it():
    spool = Spool([np.arange(k, dtype=np.float32)[:, None] for k in (3, 0, 5)])
    taken = [spool.take(n)[:, 0].tolist() for n in (2, 4, 4, 4)]
    assert taken == [[0, 1], [2, 0, 1, 2], [3, 4], []]
