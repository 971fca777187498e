import { once } from 'node:events';
import type sql from 'mssql';
import { fromDriver } from './errors.ts';

const batchRows = 5_000;

type Row = Record<string, unknown>;

/** Rows of one statement in batches; the connection is paused while the reader is busy, so memory stays bounded. */
export async function* streamRows(request: sql.Request, text: string): AsyncGenerator<Row[], void> {
  let rows: Row[] = [];
  let failure: unknown;
  let ended = false;
  request.stream = true;
  request.on('row', (row: Row) => {
    rows.push(row);
    if (rows.length >= batchRows) {
      request.pause();
      request.emit('batch');
    }
  });
  request.on('error', (error: unknown) => {
    failure ??= error;
  });
  request.on('done', () => {
    ended = true;
    request.emit('batch');
  });
  void request.query(text);
  try {
    for (;;) {
      if (rows.length < batchRows && !hasEnded()) await once(request, 'batch');
      if (failure !== undefined) throw fromDriver(failure);
      const batch = rows;
      rows = [];
      if (batch.length > 0) yield batch;
      if (hasEnded() && rows.length === 0) return;
      request.resume();
    }
  } catch (error) {
    // `once` rejects with the driver's own error as it comes, a deadlock's for one.
    throw fromDriver(failure ?? error);
  } finally {
    if (!hasEnded()) request.cancel();
  }

  function hasEnded(): boolean {
    return ended;
  }
}
