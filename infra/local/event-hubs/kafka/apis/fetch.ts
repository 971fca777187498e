import { limits } from '../../limits.ts';
import type { PartitionLog } from '../../log/partition-log.ts';
import type { KafkaApi, Session } from '../api.ts';
import { errorCodes, type KafkaErrorCode } from '../error-codes.ts';
import { fetchedBatches } from '../fetched-batches.ts';
import type { WireReader, WireWriter } from '../wire.ts';

interface Wanted {
  readonly index: number;
  readonly partition: PartitionLog | undefined;
  readonly offset: number;
  readonly maxBytes: number;
}

interface Fetched {
  readonly wanted: Wanted;
  readonly code: KafkaErrorCode;
  readonly records: Buffer;
}

interface Topic<T> {
  readonly name: string;
  readonly partitions: readonly T[];
}

interface FetchRequest {
  readonly maxWait: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly topics: readonly Topic<Wanted>[];
}

/** Fetches without sessions: each request names all that it wants. */
export const fetch: KafkaApi = {
  key: 1,
  name: 'Fetch',
  versions: [4, 12],
  flexibleFrom: 12,
  async handle(request, version, session) {
    const wanted = readRequest(request, version, session);
    const deadline = Date.now() + wanted.maxWait;
    let topics = await read(wanted);
    while (!isEnough(topics, wanted.minBytes) && Date.now() < deadline && !session.gone.aborted) {
      await appendOrTimeout(wanted, deadline - Date.now(), session.gone);
      topics = await read(wanted);
    }
    return (response) => writeResponse(response, version, topics);
  },
};

function readRequest(request: WireReader, version: number, session: Session): FetchRequest {
  request.int32();
  const [maxWait, minBytes, maxBytes] = [request.int32(), request.int32(), request.int32()];
  request.int8();
  if (version >= 7) request.int64();
  const topics = request.array(() => {
    const name = request.string();
    const hub = session.namespace.hub(name);
    const partitions = request.array(() => {
      const index = request.int32();
      if (version >= 9) request.int32();
      const offset = request.int64();
      if (version >= 12) request.int32();
      if (version >= 5) request.int64();
      const maxPartitionBytes = request.int32();
      request.tags();
      return { index, partition: hub?.partitions[index], offset, maxBytes: maxPartitionBytes };
    });
    request.tags();
    return { name, partitions: partitions ?? [] };
  });
  return { maxWait, minBytes: Math.min(minBytes, maxBytes), maxBytes, topics: topics ?? [] };
}

async function read({ topics, maxBytes }: FetchRequest): Promise<Topic<Fetched>[]> {
  let used = 0;
  const answered: Topic<Fetched>[] = [];
  for (const { name, partitions } of topics) {
    const fetched: Fetched[] = [];
    for (const wanted of partitions) {
      const limit = { maxBytes: Math.min(wanted.maxBytes, maxBytes - used), sendsFirst: used === 0 };
      const result = await readPartition(wanted, limit);
      used += result.records.length;
      fetched.push(result);
    }
    answered.push({ name, partitions: fetched });
  }
  return answered;
}

async function readPartition(wanted: Wanted, limit: Parameters<typeof fetchedBatches>[1]): Promise<Fetched> {
  const { partition, offset } = wanted;
  const nothing = Buffer.alloc(0);
  if (!partition) return { wanted, code: errorCodes.unknownTopicOrPartition, records: nothing };
  if (offset < partition.beginSequence || offset > partition.nextSequence) {
    return { wanted, code: errorCodes.offsetOutOfRange, records: nothing };
  }
  if (limit.maxBytes <= 0 && !limit.sendsFirst) return { wanted, code: errorCodes.none, records: nothing };
  const records = await partition.read(offset, Math.min(limit.maxBytes, limits.readBytes));
  return { wanted, code: errorCodes.none, records: fetchedBatches(records, limit) };
}

function isEnough(topics: readonly Topic<Fetched>[], minBytes: number): boolean {
  const all = topics.flatMap(({ partitions }) => partitions);
  const bytes = all.reduce((sum, { records }) => sum + records.length, 0);
  return bytes >= minBytes || all.some(({ code }) => code !== errorCodes.none);
}

async function appendOrTimeout(
  { topics }: FetchRequest,
  milliseconds: number,
  gone: AbortSignal,
): Promise<void> {
  const stops: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
    const stop = (): void => resolve();
    gone.addEventListener('abort', stop, { once: true });
    stops.push(() => gone.removeEventListener('abort', stop));
    for (const { partition } of topics.flatMap(({ partitions }) => partitions)) {
      if (partition) stops.push(partition.onAppend(resolve));
    }
  });
  clearTimeout(timer);
  for (const stop of stops) stop();
}

function writeResponse(response: WireWriter, version: number, topics: readonly Topic<Fetched>[]): void {
  response.int32(0);
  if (version >= 7) response.int16(errorCodes.none).int32(0);
  response.array(topics, ({ name, partitions }) => {
    response.string(name).array(partitions, (fetched) => writePartition(response, version, fetched));
    response.tags();
  });
  response.tags();
}

function writePartition(
  response: WireWriter,
  version: number,
  { wanted: { index, partition }, code, records }: Fetched,
): void {
  const end = partition?.nextSequence ?? -1;
  response.int32(index).int16(code).int64(end).int64(end);
  if (version >= 5) response.int64(partition?.beginSequence ?? -1);
  response.array([], () => undefined);
  if (version >= 11) response.int32(-1);
  response.bytes(records).tags();
}
