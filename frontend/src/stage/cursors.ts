/** Cursors that point the way a handle pulls. */
import type { Handle } from './shape';

export const dragCursor = 'move';

const BY_EIGHTH = ['ew-resize', 'nwse-resize', 'ns-resize', 'nesw-resize'];

/** `turn` is how the image is turned on screen, in degrees. */
export function handleCursor(handle: Handle, turn: number): string {
  if (handle.kind === 'rotate') return 'grab';
  const eighth = Math.round((handle.angle + turn) / 45);
  return BY_EIGHTH[((eighth % 4) + 4) % 4] as string;
}
