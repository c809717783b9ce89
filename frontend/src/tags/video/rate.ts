/** How many frames a second a video really has, read from the file's own packets. */
import { ALL_FORMATS, Input, UrlSource } from 'mediabunny';

const PACKETS = 120;

/** Null where the file cannot be read from here. */
export async function realRate(address: string): Promise<number | null> {
  const input = new Input({ source: new UrlSource(new URL(address, location.href)), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryVideoTrack();
    const stats = await track?.computePacketStats(PACKETS);
    return stats ? Math.round(stats.averagePacketRate * 1000) / 1000 : null;
  } finally {
    input.dispose();
  }
}
