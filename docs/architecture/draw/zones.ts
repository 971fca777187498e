import { rectOf, type Rect, type Zone } from '../types.ts';
import { fonts, textWidth } from './text.ts';

/** A zone's name stands in its upper left corner. */
export function zoneTitleRect(zone: Zone): Rect {
  const { x, y } = rectOf(zone.at);
  return {
    x: x + 8,
    y: y + 4,
    width: textWidth(zone.name, fonts.zone.size, true) + 8,
    height: fonts.zone.leading,
  };
}
