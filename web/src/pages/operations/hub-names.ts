import type { paths } from '../../../../client/api-types.ts';

type Query = NonNullable<paths['/operations/events']['get']['parameters']['query']>;
export type HubName = NonNullable<Query['hub']>;

export const hubNames = [
  'image-stream',
  'image-processing',
  'image-processing-slow',
  'image-reprocessing',
  'image-dead-letter',
] as const satisfies readonly HubName[];
