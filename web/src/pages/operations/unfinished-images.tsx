import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { ask } from '../../api/client.ts';
import { plural } from '../../ui/format.ts';
import { CheckIcon } from '../../ui/icons.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { sourceName } from '../images/status.tsx';
import { ChangeDialog } from './change-dialog.tsx';
import { unfinishedAddress, type UnfinishedState } from './concern-text.ts';
import { why, type DialogProps } from './reader-dialogs.tsx';
import { Section } from './section.tsx';

const states = [
  ['failed', 'Failed'],
  ['stored', 'Waiting'],
  ['erasure', 'Not erased in time'],
] as const;

const explained: Readonly<Record<UnfinishedState, string>> = {
  failed:
    'Failed, and no dead letter says so: its event was lost, it expired, or a replay has not come to its end.',
  stored:
    'Stored for over ten minutes and not processed. Where a reader is late or paused they wait for it; else their event was lost.',
  erasure:
    'Due or asked for over a quarter of an hour ago. The purge tries again each five minutes; its log lines say what fails.',
};

/** Those without a dead letter, whichever is looked at. */
const AgainDialog = (props: DialogProps) => (
  <ChangeDialog
    title="Process unfinished images again"
    verb="Process"
    asked="unprocessed"
    act={async (reason) => {
      const body = { unprocessed: true, ...why(reason) };
      const { images, dryRun } = await ask((api) => api.POST('/operations/reprocess', { body }));
      const detail = `${plural(images, 'image', 'images')} ${dryRun ? 'would be' : 'are being'} processed again, behind new uploads.`;
      return { results: [{ name: 'image-reprocessing', changes: images > 0, detail }] };
    }}
    {...props}
  />
);

/** What the sentence on the overview counts and no dead letter tells of. */
export function UnfinishedImages() {
  const { query, route } = useLocation();
  const state = states.find(([name]) => name === query['state'])?.[0] ?? 'failed';
  const [trail, setTrail] = useState<readonly (string | undefined)[]>([undefined]);
  const [isAsking, setAsking] = useState(false);
  const cursor = trail.at(-1);
  const asked = { state, limit: 50, ...(cursor !== undefined && { cursor }) };
  const remote = useRemote(
    `unfinished.${state}.${cursor ?? ''}`,
    (signal) => ask((api) => api.GET('/operations/unfinished-images', { params: { query: asked }, signal })),
    { every: 10_000 },
  );
  const { data } = remote;
  return (
    <Section
      title="Unfinished images"
      remote={remote}
      rows={8}
      tools={
        <>
          <Segmented
            label="State"
            options={states}
            value={state}
            onChange={(next) => {
              setTrail([undefined]);
              route(unfinishedAddress(next), true);
            }}
          />
          {state !== 'erasure' && (
            <button class="button" onClick={() => setAsking(true)}>
              Process again …
            </button>
          )}
        </>
      }
    >
      <p class="card-body dim">{explained[state]}</p>
      {data?.images.length === 0 ? (
        <Empty icon={<CheckIcon />} title="There are none" />
      ) : (
        <table class="cards">
          <caption class="visually-hidden">Unfinished images, the longest first</caption>
          <thead>
            <tr>
              {['Image', 'Code', 'Source', 'Uploaded', 'So since'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data?.images.map(({ imageId, code, source, uploadedAt, since }) => (
              <tr key={imageId}>
                <th scope="row" class="mono">
                  {imageId}
                </th>
                <td data-label="Code">
                  {code === null ? <span class="dim">none</span> : <code>{code}</code>}
                </td>
                <td data-label="Source">
                  {source === null ? <span class="dim">gone</span> : sourceName(source)}
                </td>
                <td data-label="Uploaded">
                  <Time at={uploadedAt} />
                </td>
                <td data-label="So since">
                  <Time at={since} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {(trail.length > 1 || (data?.next ?? null) !== null) && (
        <nav class="letters-foot" aria-label="Pages of unfinished images">
          <button class="button" disabled={trail.length === 1} onClick={() => setTrail(trail.slice(0, -1))}>
            Before
          </button>
          <button
            class="button"
            disabled={(data?.next ?? null) === null}
            onClick={() => setTrail([...trail, data?.next ?? undefined])}
          >
            More
          </button>
        </nav>
      )}
      {isAsking && <AgainDialog onDone={remote.reload} onClose={() => setAsking(false)} />}
    </Section>
  );
}
