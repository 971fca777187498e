import type { z } from 'zod';
import type { imageSource, imageStatus } from '../schemas.ts';
import type { Traced, TraceQuery } from '../../shared/operations/browse/trace.ts';
import { registerRoute } from '../register-route.ts';
import { hubBrowser } from './composition.ts';
import { traceRoute } from './routes.ts';

function questionOf(query: z.infer<typeof traceRoute.query>): TraceQuery {
  const { hub, partition, offset, sequenceNumber, ceId, ceSource, key, imageId } = query;
  if (ceId !== undefined) return { by: 'event', ceId, ceSource };
  if (key !== undefined) return { by: 'key', key };
  if (imageId !== undefined) return { by: 'image', imageId };
  return { by: 'place', hub, partition: partition ?? '', offset, sequenceNumber };
}

const viewOf = ({ imageId, isErased: erased, image, records, deadLetters }: Traced) => ({
  ...{ imageId, erased, records, deadLetters },
  image:
    image === undefined
      ? null
      : {
          status: image.status as z.infer<typeof imageStatus>,
          source: image.source as z.infer<typeof imageSource>,
          owner: image.owner,
          uploadedAt: image.uploaded_at.toISOString(),
          deleteAt: image.delete_at.toISOString(),
          failureCode: image.failure_code,
        },
});

registerRoute(traceRoute, async ({ query, principal, log }) => {
  const { trace } = await hubBrowser();
  const question = questionOf(query);
  const { images, complete, erased } = await trace(question);
  log.info('image.traced', { by: question.by, images: images.length, actor: principal.id });
  return { jsonBody: { complete, erased, images: images.map(viewOf) } };
});
