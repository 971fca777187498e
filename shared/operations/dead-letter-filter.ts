import type { Filter } from '../database/port.ts';
import type { DeadLetterRow } from './dead-letters.ts';

/** Which dead letters; what is left out does not matter. Times are ISO 8601, `to` is not included. */
export interface DeadLetterFilter {
  readonly code?: string | undefined;
  readonly stage?: string | undefined;
  readonly hub?: string | undefined;
  readonly imageId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Those that nobody replayed with success, found to be done, or discarded. */
  readonly open?: boolean | undefined;
}

type Where = NonNullable<Filter<DeadLetterRow>['where']>;

/** What the database is asked; `last_outcome` tells the same as `is_open` in operations.dead_letter_counts. */
export function deadLetterConditions(filter: DeadLetterFilter): Where {
  const { code, stage, hub, imageId, from, to, open } = filter;
  const conditions: (Where[number] | false)[] = [
    code !== undefined && { column: 'code', operator: '=', value: code },
    stage !== undefined && { column: 'stage', operator: '=', value: stage },
    hub !== undefined && { column: 'origin_hub', operator: '=', value: hub },
    imageId !== undefined && { column: 'image_id', operator: '=', value: imageId },
    from !== undefined && { column: 'dead_at', operator: '>=', value: new Date(from) },
    to !== undefined && { column: 'dead_at', operator: '<', value: new Date(to) },
    open === true && {
      any: [
        { column: 'last_outcome', operator: 'is null' },
        { column: 'last_outcome', operator: '=', value: 'fails-again' },
      ],
    },
  ];
  return conditions.filter((condition) => condition !== false);
}
