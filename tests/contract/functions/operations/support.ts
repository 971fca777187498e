import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import {
  EventHubConsumerClient,
  earliestEventPosition,
  type CheckpointStore,
  type PartitionContext,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { InvocationContext } from '@azure/functions';
import { bodyOf } from '../../../../infra/local/functions-host/event-hubs/metadata.ts';
import { consumerGroups, hubs, type Hub } from '../../../../shared/stream/hubs.ts';
import { registeredRoutes } from '../../../../functions/register-route.ts';
import { composition } from '../../../../functions/composition.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { caller, configure } from '../../../support/functions.ts';
import { triggerMetadata } from '../../../support/hub-reader.ts';
import { startIssuer } from '../../../support/issuer.ts';
import { startPipeline } from '../../../support/pipeline.ts';
import { indexDeadLetters } from '../../../../functions/operations/index-dead-letters.ts';

type Handle = (events: ReceivedEventData[], context: PartitionContext) => Promise<void>;

/** The operations functions over a real pipeline, and consumers that leave checkpoints as a functions host does. */
export async function startOperations() {
  const [pipeline, issuer] = await Promise.all([startPipeline(), startIssuer()]);
  const clock = configure(pipeline.stores, issuer);
  Object.assign(process.env, {
    DARKROOM_EVENT_HUBS: pipeline.eventHubs.connectionString,
    DARKROOM_CHECKPOINT_STORAGE: pipeline.stores.storage,
  });
  const send = caller(registeredRoutes());
  const container = blobService(pipeline.stores.storage).getContainerClient('azure-webjobs-eventhub');
  await container.createIfNotExists();
  const checkpoints: CheckpointStore = new BlobCheckpointStore(container);

  function consume(hub: Hub, handle: Handle) {
    const group = consumerGroups[hub];
    const client = new EventHubConsumerClient(group, pipeline.eventHubs.connectionString, hub, checkpoints, {
      loadBalancingOptions: { updateIntervalInMs: 200 },
    });
    const subscription = client.subscribe(
      {
        processEvents: async (events, context) => {
          if (events.length === 0) return;
          await handle(events, context);
          await context.updateCheckpoint(events.at(-1)!);
        },
        processError: () => Promise.resolve(),
      },
      { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 0.2 },
    );
    return {
      async close() {
        await subscription.close();
        await client.close();
      },
    };
  }

  const indexing = consume(hubs.deadLetter, (events, context) =>
    indexDeadLetters(
      events.map(bodyOf),
      new InvocationContext({
        functionName: 'indexDeadLetters',
        triggerMetadata: triggerMetadata(events, context),
        logHandler: () => undefined,
      }),
    ),
  );

  const token = async (roles: readonly string[], wrong: Parameters<typeof issuer.token>[1] = {}) => ({
    authorization: `Bearer ${await issuer.token({ oid: 'eve', roles }, wrong)}`,
  });

  return {
    ...{ pipeline, issuer, clock, send, consume, token },
    /** As Engineering; answers the status and the JSON. */
    async ask(method: 'GET' | 'POST', path: string, json?: unknown) {
      const answer = await send(method, `/api/operations${path}`, {
        headers: await token(['Engineering']),
        ...(json === undefined ? {} : { json }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    async stop() {
      await indexing.close();
      await composition.close();
      await issuer.close();
      await pipeline.stop();
    },
  };
}
