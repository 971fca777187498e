import type { Persona } from './visit.ts';

export interface Place {
  readonly name: string;
  readonly persona: Persona;
  readonly path: string;
  /** What is there when the page has loaded. */
  readonly shows: string;
}

/** Every page of the console, and who looks at it. */
export const places: readonly Place[] = [
  { name: 'images', persona: 'uploader', path: '/images', shows: '.gallery-count' },
  { name: 'packing', persona: 'logistics', path: '/logistics', shows: 'table.orders, .empty' },
  { name: 'products', persona: 'sales', path: '/sales', shows: 'table.products' },
  { name: 'figures', persona: 'analytics', path: '/analytics', shows: '.figures' },
  { name: 'operations', persona: 'engineering', path: '/operations', shows: '.group' },
  { name: 'lag', persona: 'engineering', path: '/operations?part=lag', shows: '.lag-now, .empty' },
  {
    name: 'dead-letters',
    persona: 'engineering',
    path: '/operations?part=dead-letters',
    shows: 'table.letters, .empty',
  },
  { name: 'hubs', persona: 'engineering', path: '/operations?part=hubs', shows: '.hub-form' },
  { name: 'erasures', persona: 'engineering', path: '/operations?part=erasures', shows: '.verdict' },
  { name: 'processors', persona: 'engineering', path: '/operations?part=processors', shows: 'table.cards' },
  { name: 'sandbox', persona: 'engineering', path: '/operations?part=sandbox', shows: '.about-candidates' },
  { name: 'rights', persona: 'engineering', path: '/operations?part=rights', shows: '.matrix' },
];
