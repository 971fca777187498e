/** What a diagram says: pages of boxes, the zones they stand in and the arrows between them. Lengths are pixels at 100 dpi. */

/** An A3 sheet, landscape. */
export const sheet = { width: 1654, height: 1169 } as const;

/** Left, top, width, height. */
export type At = readonly [x: number, y: number, width: number, height: number];

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Kind =
  | 'person'
  | 'outside'
  | 'network'
  | 'function'
  | 'code'
  | 'hub'
  | 'container'
  | 'database'
  | 'schema'
  | 'identity'
  | 'platform'
  | 'local';

export interface Node {
  readonly id: string;
  readonly kind: Kind;
  /** What sort of thing it is, above the name. */
  readonly caption: string;
  readonly name: string;
  readonly lines: readonly string[];
  readonly at: At;
  /** Things of the code or the template that this box shows, as `service:upload`; a test finds each. */
  readonly shows: readonly string[];
}

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly at: At;
  readonly tone: 'plain' | 'guarded' | 'outside';
}

export type Side = 'left' | 'right' | 'top' | 'bottom';

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** Its number in docs/architecture.md. */
  readonly step?: string;
  readonly dashed?: boolean;
  /** Arrow heads at both ends. */
  readonly both?: boolean;
  readonly leave?: Side;
  readonly enter?: Side;
}

export interface Page {
  readonly id: string;
  readonly title: string;
  readonly zones: readonly Zone[];
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly legend: string;
}

export const rectOf = ([x, y, width, height]: At): Rect => ({ x, y, width, height });

/** True when they share more than a border; `gap` widens the first by that much on every side. */
export const overlap = (a: Rect, b: Rect, gap = 0): boolean =>
  a.x - gap < b.x + b.width &&
  b.x < a.x + a.width + gap &&
  a.y - gap < b.y + b.height &&
  b.y < a.y + a.height + gap;
