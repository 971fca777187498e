import type { Kind, Zone } from '../types.ts';

export interface Style {
  readonly fill: string;
  readonly stroke: string;
  readonly shape: 'box' | 'cylinder' | 'pill';
}

/** One look for each kind, the same in both files; the shape tells kinds apart where colours do not. */
export const styles: Readonly<Record<Kind, Style>> = {
  person: { fill: '#f5f5f5', stroke: '#555555', shape: 'pill' },
  outside: { fill: '#f5f5f5', stroke: '#555555', shape: 'box' },
  network: { fill: '#e3f0fb', stroke: '#1f6fb2', shape: 'box' },
  function: { fill: '#fff4d6', stroke: '#b7791f', shape: 'box' },
  code: { fill: '#fdeede', stroke: '#b7601f', shape: 'box' },
  hub: { fill: '#eee6fa', stroke: '#6b46c1', shape: 'box' },
  container: { fill: '#e2f5e9', stroke: '#2f7d4f', shape: 'cylinder' },
  database: { fill: '#dff3f3', stroke: '#1d7a7a', shape: 'cylinder' },
  schema: { fill: '#dff3f3', stroke: '#1d7a7a', shape: 'box' },
  identity: { fill: '#fde8ec', stroke: '#b83253', shape: 'pill' },
  platform: { fill: '#e3f0fb', stroke: '#1f6fb2', shape: 'box' },
  local: { fill: '#f0f7e0', stroke: '#5b7d1f', shape: 'box' },
};

export const zoneStyles: Readonly<Record<Zone['tone'], { fill: string; stroke: string; dashed: boolean }>> = {
  plain: { fill: '#fbfbfb', stroke: '#b5b5b5', dashed: false },
  guarded: { fill: '#f6fafd', stroke: '#1f6fb2', dashed: true },
  outside: { fill: '#fafafa', stroke: '#888888', dashed: true },
};

export const ink = '#1a1a1a';
export const quiet = '#4a4a4a';
export const line = '#3a3a3a';
export const stepFill = '#1a1a1a';
/** Height of a cylinder's lid, pixels. */
export const lid = 8;
export const fontFamily = 'Helvetica, Arial, Liberation Sans, DejaVu Sans Condensed, sans-serif';
