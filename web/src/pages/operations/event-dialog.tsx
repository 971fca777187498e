import { useEffect, useState } from 'preact/hooks';
import type { BrowsedEvent, EventContent } from '../../../../client/api-types.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { getImage } from '../images/get-image.ts';

/** A picture that no cache keeps, for as long as it is on the page. */
function useUncached(address: string | undefined): string | undefined {
  const [shown, setShown] = useState<string>();
  useEffect(() => {
    if (address === undefined) return;
    const controller = new AbortController();
    let made: string | undefined;
    fetch(address, { cache: 'no-store', signal: controller.signal })
      .then(async (response) => {
        if (!response.ok) return;
        made = URL.createObjectURL(await response.blob());
        setShown(made);
      })
      .catch(() => undefined);
    return () => {
      controller.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
      setShown(undefined);
    };
  }, [address]);
  return shown;
}

function Picture({ imageId }: { imageId: string }) {
  const { data, problem } = useRemote(`event-image.${imageId}`, (signal) => getImage(imageId, { signal }));
  const thumbnail = data?.variants.find(({ name }) => name === 'thumbnail');
  const address = useUncached(thumbnail?.url);
  return (
    <figure class="event-picture">
      {thumbnail && address !== undefined ? (
        <img src={address} width={thumbnail.width} height={thumbnail.height} alt="Thumbnail of the image" />
      ) : (
        <div class="picture-room dim">
          {problem?.message ?? (data && !thumbnail ? `It is ${data.status}.` : '')}
        </div>
      )}
      <figcaption>
        <a href={`/images/${imageId}`} class="mono">
          {imageId}
        </a>
      </figcaption>
    </figure>
  );
}

function Facts({ content }: { content: EventContent }) {
  const { form, problem, key, owner, contentType, cloudEvent, begins } = content;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Read as', form],
    ['Problem', problem],
    ['Key', key],
    ['Owner', owner],
    ['Content type', contentType],
    ['CloudEvents id', cloudEvent?.id ?? null],
    ['CloudEvents source', cloudEvent?.source ?? null],
    ['CloudEvents type', cloudEvent?.type ?? null],
    ['Begins with', begins === '' ? null : begins],
  ];
  return (
    <>
      {facts.flatMap(([name, value]) =>
        value === null ? [] : [<dt key={name}>{name}</dt>, <dd key={`${name}-value`}>{value}</dd>],
      )}
    </>
  );
}

/** One event: where it is, what it says, and its image where the viewer may see it. */
export function EventDialog({ event, onClose }: { event: BrowsedEvent; onClose: () => void }) {
  const { hub, partition, offset, sequenceNumber, enqueuedAt, bytes, content } = event;
  return (
    <Dialog
      wide
      title={`${hub}, partition ${partition}, offset ${sequenceNumber}`}
      onClose={onClose}
      footer={
        <button class="button" onClick={onClose}>
          Close
        </button>
      }
    >
      {typeof content?.imageId === 'string' && <Picture imageId={content.imageId} />}
      <dl class="facts">
        <dt>Event Hubs’ offset</dt>
        <dd>{offset}</dd>
        <dt>Came</dt>
        <dd>
          <Time at={enqueuedAt} />
        </dd>
        <dt>Size</dt>
        <dd>{formatBytes(bytes)}</dd>
        {content && <Facts content={content} />}
      </dl>
      {content === null && (
        <p>Its image was erased: nothing that the event says is shown. The hub drops it with its time.</p>
      )}
      {content && content.headers.length > 0 && (
        <section class="payload">
          <h3>Headers</h3>
          <dl class="facts">
            {content.headers.flatMap(({ name, value }) => [
              <dt key={name} class="mono">
                {name}
              </dt>,
              <dd key={`${name}-value`} class="mono">
                {value}
              </dd>,
            ])}
          </dl>
        </section>
      )}
      {content !== null && content.envelope !== null && (
        <section class="payload">
          <h3>Envelope</h3>
          <pre class="envelope" tabIndex={0}>
            {JSON.stringify(content.envelope, null, 2)}
          </pre>
        </section>
      )}
    </Dialog>
  );
}
