/** Draws the wave of the part that is on screen, channel by channel or all in one. */
import type { TimeAxis } from '../../timeline/axis';
import type { Wave } from './wave';

export interface WaveLook {
  /** Channels one below the other. */
  split: boolean;
  /** How much higher than life. */
  scale: number;
}

export function paintWave(canvas: HTMLCanvasElement, axis: TimeAxis, wave: Wave, { split, scale }: WaveLook): void {
  const context = canvas.getContext('2d');
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!context || width === 0) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const lanes = split ? wave.channels.map((channel) => [channel]) : [wave.channels];
  const tall = height / lanes.length;
  const { start } = axis.window.peek();
  const perPixel = axis.perPixel * wave.rate;
  lanes.forEach((channels, lane) => {
    const middle = (lane + 0.5) * tall;
    const half = (tall / 2 - 2) * scale;
    const limit = tall / 2 - 1;
    const place = (value: number) => middle - Math.max(-limit, Math.min(limit, value * half));
    context.fillStyle = style.getPropertyValue('--line');
    context.fillRect(0, middle, width, 1);
    if (lane > 0) context.fillRect(0, lane * tall, width, 1);
    context.fillStyle = style.color;
    if (perPixel < 1) {
      // Closer than one value per pixel: a line from value to value.
      context.strokeStyle = style.color;
      for (const { values } of channels) {
        context.beginPath();
        const last = Math.min(values.length - 1, Math.ceil((axis.window.peek().end + 1) * wave.rate));
        for (let index = Math.max(0, Math.floor(start * wave.rate)); index <= last; index += 1) {
          const x = axis.toPixel(index / wave.rate);
          context.lineTo(x, place(values[index] as number));
          if (x > width) break;
        }
        context.stroke();
      }
      return;
    }
    const first = start * wave.rate;
    for (let x = 0; x < width; x += 1) {
      let low = 0;
      let high = 0;
      for (const channel of channels) {
        const found = channel.range(Math.floor(first + x * perPixel), Math.ceil(first + (x + 1) * perPixel));
        if (!found) continue;
        low = Math.min(low, found[0]);
        // One height each, when peaks have no lowest.
        high = Math.max(high, found[1]);
      }
      if (channels.every((channel) => channel.low >= 0)) low = -high;
      const top = place(high);
      context.fillRect(x, top, 1, Math.max(1, place(low) - top));
    }
  });
}
