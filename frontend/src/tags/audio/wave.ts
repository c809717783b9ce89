/** The shape of a sound: decoded here when the file is small, else from the peaks that the server has made of it. */
import { MinMaxPyramid } from '../../timeline/pyramid';

export interface Wave {
  /** Seconds. */
  readonly duration: number;
  /** One per channel, values from -1 to 1. */
  readonly channels: readonly MinMaxPyramid[];
  /** Values per second. */
  readonly rate: number;
  /** Whether the values are the sound itself rather than its peaks. */
  readonly isSound: boolean;
}

/** Larger files are not fetched whole if the server has peaks of them. */
const SMALL = 8_000_000;
/** Larger ones never are. */
const LARGEST = 80_000_000;
/** Of sounds that are not small only so much is kept: enough to draw. */
const COARSE = 8000;
const FINE = 44_100;
const TRIES = 200;

interface MediaInfo {
  duration?: number | null;
  peaks?: number[][] | null;
}

async function decode(bytes: ArrayBuffer, rate: number): Promise<Wave> {
  const sound = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes);
  const channels = Array.from({ length: sound.numberOfChannels }, (_, index) => new MinMaxPyramid(sound.getChannelData(index)));
  return { duration: sound.duration, channels, rate: sound.sampleRate, isSound: true };
}

/** Peaks come as lowest and highest by turns, or as one height each. */
export function fromPeaks({ duration, peaks }: MediaInfo): Wave | null {
  if (!duration || !peaks?.[0]?.length) return null;
  return { duration, channels: peaks.map((values) => new MinMaxPyramid(values)), rate: peaks[0].length / duration, isSound: false };
}

/** Peaks of a long sound take the server a while the first time: it says when to ask again. Asked `TRIES` times at most. */
async function askServer(address: string, stop: AbortSignal, wait: () => void): Promise<Wave | null> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const answer = await fetch(address, { signal: stop });
    if (answer.status !== 202) return answer.ok ? fromPeaks((await answer.json()) as MediaInfo) : null;
    wait();
    const seconds = Number(answer.headers.get('Retry-After')) || 3;
    await new Promise((done) => setTimeout(done, seconds * 1000));
    stop.throwIfAborted();
  }
  return null;
}

function inline(address: string): ArrayBuffer | null {
  const found = /^data:[^,]*;base64,(.*)$/s.exec(address);
  return found ? (Uint8Array.from(atob(found[1] as string), (character) => character.charCodeAt(0)).buffer as ArrayBuffer) : null;
}

/**
 * Reads the wave of a file. `info` is where the server tells its peaks. Answers null where there is none to be had (a file on another
 * server, say): it can be played and marked all the same. `wait` is called when the server is still making its peaks.
 */
export async function loadWave(address: string, info: string | null, stop: AbortSignal, wait: () => void = () => {}): Promise<Wave | null> {
  const own = inline(address);
  if (own) return decode(own, FINE);
  if (new URL(address, location.href).origin !== location.origin) return info ? askServer(info, stop, wait) : null;
  const whole = new AbortController();
  stop.addEventListener('abort', () => whole.abort());
  const answer = await fetch(address, { signal: whole.signal });
  if (!answer.ok) return null;
  const size = Number(answer.headers.get('Content-Length') ?? 0);
  if (size <= SMALL) return decode(await answer.arrayBuffer(), FINE);
  // Not another byte of it while the server is asked.
  whole.abort();
  const peaks = info ? await askServer(info, stop, wait) : null;
  if (peaks || size > LARGEST) return peaks;
  return decode(await (await fetch(address, { signal: stop })).arrayBuffer(), COARSE);
}
