import { corrupt } from './faults.ts';
import { ascii } from './pull.ts';

export interface Box {
  readonly type: string;
  readonly body: DataView;
}

const maxBoxes = 4096;

const part = (view: DataView, from: number, to: number): DataView =>
  new DataView(view.buffer, view.byteOffset + from, to - from);

/** The boxes (ISO/IEC 14496-12, 4.2) in a body, `skipped` bytes behind its beginning. */
export function boxesIn(view: DataView, skipped = 0): Box[] {
  const boxes: Box[] = [];
  for (let at = skipped; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at);
    const end = size === 0 ? view.byteLength : at + size;
    if (size === 1 || (size !== 0 && size < 8) || end > view.byteLength || boxes.length >= maxBoxes) {
      throw corrupt('the boxes of the file do not fit into each other');
    }
    boxes.push({ type: ascii(view, at + 4, 4), body: part(view, at + 8, end) });
    at = end;
  }
  return boxes;
}
