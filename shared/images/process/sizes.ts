import type { Size } from './engine/port.ts';
import type { Needs } from './ports.ts';

/** The size an image has once it is scaled down, never up, to what a processor needs. */
export function sizeFor(needs: Needs | 'full size', { width, height }: Size): Size {
  if (needs === 'full size') return { width, height };
  const across = needs.width / width;
  const down = needs.height / height;
  const factor = Math.min(1, needs.fit === 'inside' ? Math.min(across, down) : Math.max(across, down));
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}
