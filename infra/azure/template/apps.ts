import type { ServiceName } from '../../../shared/platform/services.ts';

/** One function app a trust boundary: what may be taken over together shares an identity, nothing else does. */
export const apps = {
  edge: { services: ['upload', 'read'], code: 'edge', why: 'faces everybody' },
  pipeline: { services: ['stream', 'processing'], code: 'pipe', why: 'decodes untrusted bytes' },
  desks: { services: ['logistics', 'sales', 'analytics'], code: 'desk', why: 'order data of the teams' },
  maintenance: {
    services: ['purge', 'warehouse', 'operations'],
    code: 'main',
    why: 'erases, exports, repairs',
  },
} as const satisfies Record<string, { services: readonly ServiceName[]; code: string; why: string }>;

export type AppName = keyof typeof apps;
export const appNames = Object.keys(apps) as AppName[];

/** Apps that read hubs or run timers must run in one region at a time, or work would be done twice. */
export const oneRegionOnly = new Set<AppName>(['pipeline', 'maintenance']);

export const hosts = (app: AppName, service: ServiceName): boolean =>
  (apps[app].services as readonly ServiceName[]).includes(service);
