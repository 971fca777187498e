/** Every service that a function app can host; the app setting DARKROOM_SERVICES lists those it registers. */
export const serviceNames = [
  'upload',
  'stream',
  'processing',
  'read',
  'purge',
  'logistics',
  'sales',
  'analytics',
  'warehouse',
  'operations',
] as const;

export type ServiceName = (typeof serviceNames)[number];
