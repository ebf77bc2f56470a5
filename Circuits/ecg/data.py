"""Heartbeats of the electrocardiogram that SciPy carries, each with its kind.

Five minutes of record 208 of the MIT-BIH Arrhythmia Database, lead MLII, 360 values a second, in
millivolts: `scipy.misc.electrocardiogram` of SciPy 1.11, whose wheel holds it. Every fourth to fifth
beat is a premature ventricular one, which is wide and high. SciPy's file has no labels, so that these
come from the shapes alone: beats are cut out, aligned and parted into three groups by k-means, of which
the widest is the ventricular one. No physician has seen them.
"""

import warnings

import numpy as np
from scipy.signal import find_peaks
from sklearn.cluster import KMeans

SEED = 7
BEFORE, LENGTH = 100, 256  # values before a beat's largest movement, and of a window
KINDS = ["other", "ventricular"]


def beats():
  """float32 [n, 1, 256] in millivolts, int64 [n]: windows in order of time, and 1 where ventricular."""
  with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from scipy.misc import electrocardiogram
    signal = electrocardiogram()
  movement = np.convolve(np.abs(np.diff(signal, prepend=signal[0])), np.ones(36) / 36, "same")
  places, _ = find_peaks(movement, distance=90, height=np.percentile(movement, 80) * 0.6)
  windows = np.stack([
    signal[at - BEFORE:at - BEFORE + LENGTH] for at in places
    if BEFORE < at < len(signal) - LENGTH])
  windows -= np.median(windows, axis=1, keepdims=True)
  groups = KMeans(3, n_init=5, random_state=SEED).fit(windows)
  # Above a third of its height for longest: 0.1 s and more.
  width = (groups.cluster_centers_ > groups.cluster_centers_.max(1, keepdims=True) / 3).sum(1)
  labels = (groups.labels_ == width.argmax()).astype(np.int64)
  return windows[:, None].astype(np.float32), labels


def splits():
  """The first four fifths of the time for training, the rest for testing."""
  windows, labels = beats()
  cut = len(windows) * 4 // 5
  return (windows[:cut], labels[:cut]), (windows[cut:], labels[cut:])


def moved(windows, random):
  """Each window earlier or later by up to 12 values, higher or lower by a fifth, with noise."""
  padded = np.pad(windows, ((0, 0), (0, 0), (12, 12)), mode="edge")
  shifts = random.integers(0, 25, len(windows))
  shifted = np.stack([
    window[:, shift:shift + windows.shape[2]] for window, shift in zip(padded, shifts)])
  height = random.uniform(0.8, 1.2, (len(windows), 1, 1))
  noise = random.normal(0, 0.03, windows.shape)
  return (shifted * height + noise).astype(np.float32)
