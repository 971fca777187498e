import type { paths } from '../../../../client/api-types.ts';

type QueryOf<Path extends '/operations/events' | '/operations/lag'> = NonNullable<
  paths[Path]['get']['parameters']['query']
>;
export type HubName = NonNullable<QueryOf<'/operations/lag'>['hub']>;

/** Hubs that have a reader, and so a lag. */
export const readHubNames = [
  'image-stream',
  'image-processing',
  'image-processing-slow',
  'image-reprocessing',
  'image-dead-letter',
] as const satisfies readonly HubName[];

export const hubNames = [...readHubNames, 'image-outcomes'] as const satisfies readonly NonNullable<
  QueryOf<'/operations/events'>['hub']
>[];
