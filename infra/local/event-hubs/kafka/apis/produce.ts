import { isDiskFull } from '../../disk-full.ts';
import type { AppendResult } from '../../log/partition-log.ts';
import type { KafkaApi, Session } from '../api.ts';
import { errorCodes, KafkaFault, type KafkaErrorCode } from '../error-codes.ts';
import { decodeRecordBatch } from '../record-batch.ts';
import type { WireReader, WireWriter } from '../wire.ts';

interface PartitionResult {
  readonly index: number;
  readonly code: KafkaErrorCode;
  readonly baseOffset: number;
  readonly logAppendTime: number;
  readonly logStart: number;
  readonly message: string | null;
}

interface TopicResult {
  readonly name: string;
  readonly partitions: readonly Promise<PartitionResult>[];
}

const failed = (index: number, code: KafkaErrorCode, message: string): PartitionResult => ({
  index,
  code,
  baseOffset: -1,
  logAppendTime: -1,
  logStart: -1,
  message,
});

const refusals = {
  'duplicate-sequence': errorCodes.duplicateSequenceNumber,
  'out-of-order-sequence': errorCodes.outOfOrderSequenceNumber,
  'fenced-epoch': errorCodes.invalidProducerEpoch,
} as const satisfies Partial<Record<AppendResult['outcome'], KafkaErrorCode>>;

/** Versions 0 to 2 are announced (librdkafka's feature detection looks for them) but, as in Kafka 4, not answered. */
export const produce: KafkaApi = {
  key: 0,
  name: 'Produce',
  versions: [0, 9],
  flexibleFrom: 9,
  async handle(request, version, session) {
    if (version < 3) throw new KafkaFault(errorCodes.unsupportedVersion, 'Produce needs version 3 or later.');
    const isTransactional = request.nullableString() !== null;
    const acks = request.int16();
    request.int32();
    const topics = readTopics(request, session, isTransactional);
    const settled = await Promise.all(
      topics.map(async ({ name, partitions }) => ({ name, partitions: await Promise.all(partitions) })),
    );
    if (acks === 0) return undefined;
    return (response) => {
      response.array(settled, ({ name, partitions }) => {
        response.string(name).array(partitions, (result) => writeResult(response, version, result));
        response.tags();
      });
      response.int32(session.throttle()).tags();
    };
  },
};

function readTopics(request: WireReader, session: Session, isTransactional: boolean): TopicResult[] {
  return (
    request.array(() => {
      const name = request.string();
      const partitions = request.array(() => {
        const index = request.int32();
        const batch = request.nullableBytes();
        request.tags();
        return isTransactional
          ? Promise.resolve(
              failed(index, errorCodes.invalidTransactionState, 'There are no transactions here.'),
            )
          : append(session, name, index, batch ?? Buffer.alloc(0));
      });
      request.tags();
      return { name, partitions: partitions ?? [] };
    }) ?? []
  );
}

async function append(
  session: Session,
  topic: string,
  index: number,
  batch: Buffer,
): Promise<PartitionResult> {
  const partition = session.namespace.hub(topic)?.partitions[index];
  if (!partition)
    return failed(index, errorCodes.unknownTopicOrPartition, 'There is no such hub or partition.');
  try {
    const result = await partition.append(decodeRecordBatch(batch));
    if (result.outcome !== 'appended' && result.outcome !== 'duplicate') {
      return failed(index, refusals[result.outcome], `The batch was refused: ${result.outcome}.`);
    }
    return {
      index,
      code: errorCodes.none,
      baseOffset: result.baseSequence,
      logAppendTime: result.enqueuedAt,
      logStart: partition.beginSequence,
      message: null,
    };
  } catch (error) {
    return failed(
      index,
      codeOf(error),
      error instanceof Error ? error.message : 'The batch could not be written.',
    );
  }
}

function codeOf(error: unknown): KafkaErrorCode {
  if (error instanceof KafkaFault) return error.code;
  return isDiskFull(error) ? errorCodes.storageError : errorCodes.unknownServerError;
}

function writeResult(response: WireWriter, version: number, result: PartitionResult): void {
  response.int32(result.index).int16(result.code).int64(result.baseOffset).int64(result.logAppendTime);
  if (version >= 5) response.int64(result.logStart);
  if (version >= 8) response.array([], () => undefined).string(result.message);
  response.tags();
}
