import type { Database, Filter } from '../database/port.ts';
import type { ViewRow } from '../database/catalog/index.ts';
import type { EventSender } from '../stream/event-sender.ts';
import { hubs } from '../stream/hubs.ts';
import { readerStateOf } from '../stream/reader-states.ts';
import { slices } from '../platform/slices.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { processingEvent } from '../images/process/processing-message.ts';

type ImageRow = ViewRow<'operations', 'images'>;

/** Which images: these, or all that have bytes; of those, only what another version of a processor worked on. */
export interface ReprocessSelection {
  readonly ids?: readonly string[] | undefined;
  /** Only what is not processed and has no dead letter that says so: its event is lost, or on its way. */
  readonly unprocessed?: boolean | undefined;
  readonly processor?: { readonly name: string; readonly version: string } | undefined;
}

export interface ReprocessDependencies {
  readonly database: Database;
  readonly events: EventSender;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ReprocessReport {
  readonly dryRun: boolean;
  readonly images: number;
  /** Somebody stopped it before all were sent. */
  readonly stopped: boolean;
}

const pageSize = 500;
/** What was rejected has no bytes, and what was received has not been looked at yet. */
const open = ['stored', 'failed'];
const withBytes = [...open, 'processed'];

/** Sends images to be processed anew, through a hub of their own so that new uploads never wait behind them. */
export function makeReprocess({ database, events, clock, log }: ReprocessDependencies) {
  async function* pages({ ids, unprocessed }: ReprocessSelection): AsyncIterable<ImageRow[]> {
    const filter: Filter<ImageRow> = {
      where: [
        { column: 'status', operator: 'in', value: unprocessed === true ? open : withBytes },
        // Known from the check: what failed before it never had any.
        { column: 'bytes', operator: 'is not null' },
        ...(ids === undefined ? [] : [{ column: 'image_id', operator: 'in', value: ids } as const]),
      ],
    };
    yield* database.stream('operations', 'images', filter);
  }

  /** Of these images, those that have a variant or a fact of the processor in another version. */
  async function madeByAnother(ids: readonly string[], name: string, version: string): Promise<Set<string>> {
    const filter = {
      where: [
        { column: 'image_id', operator: 'in', value: ids },
        { column: 'processor', operator: '=', value: name },
        { column: 'processor_version', operator: '<>', value: version },
      ],
    } as const;
    const made = await Promise.all([
      database.query('storage_reader', 'image_variants', filter),
      database.query('storage_reader', 'image_facts', filter),
    ]);
    return new Set(made.flatMap((rows) => rows.map((row) => row.image_id)));
  }

  /** Of these images, those whose dead letter waits for an engineer, or has been decided on. */
  async function inDeadLetters(ids: readonly string[]): Promise<Set<string | null>> {
    const where = [{ column: 'image_id', operator: 'in', value: ids }] as const;
    const rows = await database.query('operations', 'dead_letters', { where });
    return new Set(rows.filter((row) => row.last_outcome !== 'applied').map((row) => row.image_id));
  }

  async function select(rows: readonly ImageRow[], selection: ReprocessSelection): Promise<ImageRow[]> {
    const { processor, unprocessed } = selection;
    const ids = rows.map((row) => row.image_id);
    if (unprocessed === true) {
      const known = await inDeadLetters(ids);
      return rows.filter((row) => !known.has(row.image_id));
    }
    if (processor === undefined) return [...rows];
    const made = await madeByAnother(ids, processor.name, processor.version);
    return rows.filter((row) => made.has(row.image_id));
  }

  async function isStopped(since: Date): Promise<boolean> {
    const rows = await database.query('operations', 'reader_states');
    const { rerunStoppedAt } = readerStateOf(hubs.reprocessing, rows, since);
    return rerunStoppedAt !== undefined && since <= rerunStoppedAt;
  }

  return async (selection: ReprocessSelection, { dryRun }: { dryRun: boolean }): Promise<ReprocessReport> => {
    let images = 0;
    const askedAt = clock.now();
    const rerunAt = askedAt.toISOString();
    for await (const batch of pages(selection)) {
      for (const page of slices(batch, pageSize)) {
        const rows = await select(page, selection);
        if (!dryRun && (await isStopped(askedAt))) return { dryRun, images, stopped: true };
        images += rows.length;
        if (dryRun) continue;
        await Promise.all(
          rows.map((row) =>
            events.send(
              hubs.reprocessing,
              processingEvent({ imageId: row.image_id, correlationId: row.correlation_id, rerunAt }),
            ),
          ),
        );
        log.info('reprocess.progress', { images });
      }
    }
    return { dryRun, images, stopped: false };
  };
}
