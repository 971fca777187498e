import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { hubs } from '../../../shared/stream/hubs.ts';
import { openKafkaClient } from '../../pipeline/support/kafka-client.ts';
import { quarters } from '../../pipeline/support/pictures.ts';
import type { TestStack } from '../../pipeline/support/stack.ts';

export const source = '/night-shop';

/** Between two images, so that a busy machine keeps up. Milliseconds. */
const pauseMs = 400;

interface Outcome {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly source: string | null; readonly sourceId: string };
}

/** Another company's application: it sends images all the time, counts what was acknowledged, and hears what became of each. */
export async function startNightProducer(stack: TestStack) {
  const client = await openKafkaClient(stack, { idempotent: true });
  const acknowledged: string[] = [];
  let isOver = false;
  const send = async (): Promise<void> => {
    for (let seed = 0; !isOver; seed += 1) {
      const id = randomUUID();
      const headers = {
        ...{ ce_specversion: '1.0', ce_type: 'darkroom.image.received', ce_id: id, ce_source: source },
        'content-type': 'image/png',
      };
      const value = await quarters(48, 32, seed).png().toBuffer();
      await client.send([{ key: `user-${seed % 11}`, value, headers }]);
      acknowledged.push(id);
      await sleep(pauseMs);
    }
  };
  const sending = send();

  const heard = new Map<string, Outcome>();
  const kafka = new kafkajs.Kafka({
    brokers: [stack.endpoints.kafka],
    sasl: { mechanism: 'plain', username: '$ConnectionString', password: stack.endpoints.hubs },
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 1000, maxRetryTime: 1000 },
  });
  const consumer = kafka.consumer({ groupId: 'night-shop' });
  await consumer.connect();
  await consumer.subscribe({ topic: hubs.outcomes, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      const outcome = JSON.parse(String(message.value)) as Outcome;
      heard.set(outcome.id, outcome);
      return Promise.resolve();
    },
  });

  return {
    acknowledged,
    /** How often each image was said to be processed; what comes again with its id is one. */
    processed(): Map<string, number> {
      const times = new Map<string, number>();
      for (const { type, data } of heard.values()) {
        if (type !== 'darkroom.image.processed' || data.source !== source) continue;
        times.set(data.sourceId, (times.get(data.sourceId) ?? 0) + 1);
      }
      return times;
    },
    /** What is no image, from a program that nobody repaired. */
    sendGarbage: async (count: number) => {
      const headers = { 'content-type': 'application/cloudevents+json' };
      for (let number = 0; number < count; number += 1)
        await client.send([{ key: 'a broken program', value: Buffer.from(`{"number":${number}}`), headers }]);
    },
    /** Resolves when the last of its images is acknowledged; throws what no retry got through. */
    async endSending() {
      isOver = true;
      await sending;
    },
    async close() {
      isOver = true;
      await sending.catch(() => undefined);
      await consumer.disconnect();
      await client.close();
    },
  };
}
