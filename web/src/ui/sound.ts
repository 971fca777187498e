/** Short sounds for hands that are busy: what was done rises, what is refused is low and twice. */

interface Tone {
  /** Hertz. */
  readonly pitch: number;
  /** Seconds from now, and how long. */
  readonly at: number;
  readonly lasts: number;
}

const sounds: Readonly<Record<'done' | 'refused', readonly Tone[]>> = {
  done: [
    { pitch: 880, at: 0, lasts: 0.08 },
    { pitch: 1320, at: 0.09, lasts: 0.12 },
  ],
  refused: [
    { pitch: 196, at: 0, lasts: 0.18 },
    { pitch: 196, at: 0.24, lasts: 0.3 },
  ],
};

let audio: AudioContext | undefined;

/** Plays one; where a browser allows no sound, nothing happens. */
export function playSound(name: keyof typeof sounds): void {
  audio ??= new AudioContext();
  for (const { pitch, at, lasts } of sounds[name]) {
    const begins = audio.currentTime + at;
    const tone = new OscillatorNode(audio, { frequency: pitch, type: name === 'done' ? 'sine' : 'square' });
    const volume = new GainNode(audio, { gain: 0.15 });
    tone.connect(volume).connect(audio.destination);
    volume.gain.setTargetAtTime(0, begins + lasts * 0.7, 0.02);
    tone.start(begins);
    tone.stop(begins + lasts);
  }
}
