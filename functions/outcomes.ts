import { hostname } from 'node:os';
import { makeSendOutcomes, wakingWriter } from '../shared/images/outcomes/send-outcomes.ts';
import { processLog } from '../shared/platform/log.ts';
import { memo } from '../shared/platform/memo.ts';
import { composition } from './composition.ts';

export const outcomes = memo(async () => {
  const [database, events] = await Promise.all([composition.database(), composition.events()]);
  const [holder, clock, log] = [hostname().slice(0, 50), composition.clock(), processLog()];
  const made = makeSendOutcomes({ database, events, holder, clock, log });
  composition.onClose(() => made.idle());
  return made;
});

/** The storage writer of the pipeline, which tells senders what becomes of their images. */
export const pipelineWriter = memo(async () => {
  const [storage, sender] = await Promise.all([composition.storageWriter(), outcomes()]);
  return wakingWriter(storage, () => sender.wake());
});
