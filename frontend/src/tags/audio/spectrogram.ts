/** Which pitches sound when: the spectrum of the part that is on screen, drawn column by column in the time that frames leave. */
import type { TimeAxis } from '../../timeline/axis';
import type { Wave } from './wave';

/** Samples of one spectrum. */
const SIZE = 1024;
const SLICE = 8;
/** Decibels between the faintest and the loudest that is shown. */
const RANGE = 80;
/** Dark to bright, even to the eye; after matplotlib's "magma". */
const COLORS = [
  [0, 0, 4],
  [28, 16, 68],
  [79, 18, 123],
  [129, 37, 129],
  [181, 54, 122],
  [229, 80, 100],
  [251, 135, 97],
  [254, 194, 135],
  [252, 253, 191],
] as const;

function palette(): Uint32Array {
  const view = new DataView(new ArrayBuffer(4));
  return Uint32Array.from({ length: 256 }, (_, index) => {
    const at = (index / 255) * (COLORS.length - 1);
    const below = COLORS[Math.floor(at)] as readonly number[];
    const above = COLORS[Math.min(COLORS.length - 1, Math.floor(at) + 1)] as readonly number[];
    for (let part = 0; part < 3; part += 1) view.setUint8(part, (below[part] as number) + ((above[part] as number) - (below[part] as number)) * (at % 1));
    view.setUint8(3, 255);
    return view.getUint32(0, true);
  });
}

/** Amplitudes of the frequencies in `SIZE` real values, by the fast Fourier transform. */
export class Spectrum {
  private readonly cosines = Float32Array.from({ length: SIZE / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / SIZE));
  private readonly sines = Float32Array.from({ length: SIZE / 2 }, (_, index) => Math.sin((2 * Math.PI * index) / SIZE));
  private readonly window = Float32Array.from({ length: SIZE }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / SIZE));
  private readonly real = new Float32Array(SIZE);
  private readonly imaginary = new Float32Array(SIZE);
  readonly size = SIZE;

  /** Of the values around the index `center`; what lies outside counts as silence. */
  at(values: ArrayLike<number>, center: number): Float32Array {
    const { real, imaginary } = this;
    imaginary.fill(0);
    const bits = Math.log2(SIZE);
    for (let index = 0; index < SIZE; index += 1) {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit += 1) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
      real[reversed] = (values[center - SIZE / 2 + index] ?? 0) * (this.window[index] as number);
    }
    for (let half = 1; half < SIZE; half *= 2) {
      const stride = SIZE / (2 * half);
      for (let start = 0; start < SIZE; start += 2 * half) {
        for (let index = 0; index < half; index += 1) this.butterfly(start + index, start + index + half, index * stride);
      }
    }
    const found = new Float32Array(SIZE / 2);
    for (let index = 0; index < found.length; index += 1) found[index] = (Math.hypot(real[index] as number, imaginary[index] as number) * 4) / SIZE;
    return found;
  }

  private butterfly(a: number, b: number, turn: number): void {
    const { real, imaginary } = this;
    const cosine = this.cosines[turn] as number;
    const sine = this.sines[turn] as number;
    const x = (real[b] as number) * cosine + (imaginary[b] as number) * sine;
    const y = (imaginary[b] as number) * cosine - (real[b] as number) * sine;
    real[b] = (real[a] as number) - x;
    imaginary[b] = (imaginary[a] as number) - y;
    real[a] = (real[a] as number) + x;
    imaginary[a] = (imaginary[a] as number) + y;
  }
}

const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
const hertz = (value: number) => 700 * (10 ** (value / 2595) - 1);

export class Spectrogram {
  private readonly spectrum = new Spectrum();
  private readonly colors = palette();
  private frame = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly axis: TimeAxis,
    private readonly wave: Wave,
  ) {}

  /** Draws the present window anew; what was being drawn is dropped. */
  paint(): void {
    cancelAnimationFrame(this.frame);
    const { canvas, axis, wave } = this;
    const context = canvas.getContext('2d');
    const { clientWidth: width, clientHeight: height } = canvas;
    const [channel] = wave.channels;
    if (!context || !channel || width === 0) return;
    canvas.width = width;
    canvas.height = height;
    const image = context.createImageData(1, height);
    const pixels = new Uint32Array(image.data.buffer);
    const highest = mel(wave.rate / 2);
    const rows = Array.from({ length: height }, (_, y) => (hertz(((height - 1 - y) / height) * highest) / wave.rate) * this.spectrum.size);
    const { start } = axis.window.peek();
    const perPixel = axis.perPixel;
    let x = 0;
    const draw = () => {
      const until = performance.now() + SLICE;
      for (; x < width && performance.now() < until; x += 1) {
        const loud = this.spectrum.at(channel.values, Math.round((start + (x + 0.5) * perPixel) * wave.rate));
        rows.forEach((at, y) => {
          const below = Math.floor(at);
          const level = (loud[below] ?? 0) * (1 - (at - below)) + (loud[below + 1] ?? 0) * (at - below);
          const share = 1 + (20 * Math.log10(Math.max(1e-9, level))) / RANGE;
          pixels[y] = this.colors[Math.round(Math.min(1, Math.max(0, share)) * 255)] as number;
        });
        context.putImageData(image, x, 0);
      }
      if (x < width) this.frame = requestAnimationFrame(draw);
    };
    this.frame = requestAnimationFrame(draw);
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
  }
}
