import type { Role } from '../../../shared/platform/auth/principal.ts';

export interface Persona {
  readonly oid: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** What the sign-in page says of them. */
  readonly about: string;
}

/** Sample people, one per role, and a second uploader so that "another owner's image" can be tried. */
export const personas: Readonly<Record<string, Persona>> = {
  uploader: {
    oid: '1f0a7a3e-58a1-4c57-9c4e-0d3a2b6f1a01',
    name: 'Ulla Lindqvist',
    roles: ['Uploader'],
    about: 'Uploads photos and looks at her own',
  },
  uploader2: {
    oid: '1f0a7a3e-58a1-4c57-9c4e-0d3a2b6f1a02',
    name: 'Omar Haddad',
    roles: ['Uploader'],
    about: 'Another uploader, who sees only his own photos',
  },
  logistics: {
    oid: '1f0a7a3e-58a1-4c57-9c4e-0d3a2b6f1a03',
    name: 'Lena Torres',
    roles: ['Logistics'],
    about: 'Packs and sends the orders of the day',
  },
  'logistics-lead': {
    oid: '1f0a7a3e-58a1-4c57-9c4e-0d3a2b6f1a07',
    name: 'Kofi Mensah',
    roles: ['Logistics', 'LogisticsLead'],
    about: 'Leads logistics: may also take back a completion, with a reason',
  },
  sales: {
    oid: '1f0a7a3e-58a1-4c57-9c4e-0d3a2b6f1a04',
    name: 'Samir Rossi',
    roles: ['Sales'],
    about: 'Adds products and retires them',
  },
  analytics: {
    oid: '1f0a7a3e-58a1-4c57-9c4e-0d3a2b6f1a05',
    name: 'Ana Silva',
    roles: ['Analytics'],
    about: 'Reads figures, changes nothing',
  },
  engineering: {
    oid: '1f0a7a3e-58a1-4c57-9c4e-0d3a2b6f1a06',
    name: 'Erin Novak',
    roles: ['Engineering'],
    about: 'Runs the pipeline: dead letters, reprocessing, purges',
  },
};

/** The persona of that name; throws a sentence that lists those there are. */
export function personaNamed(name: string | undefined): Persona {
  const persona = Object.hasOwn(personas, name ?? '') ? personas[name!] : undefined;
  if (!persona) throw new Error(`persona must be one of ${Object.keys(personas).join(', ')}.`);
  return persona;
}
