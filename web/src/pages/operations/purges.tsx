import { useState } from 'preact/hooks';
import type { LedgerEntry, LedgerVerification } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { formatBytes, formatCount, plural } from '../../ui/format.ts';
import { CheckIcon, DownloadIcon, TrashIcon, WarningIcon } from '../../ui/icons.tsx';
import { Empty } from '../../ui/states.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { Section } from './section.tsx';

const kinds: Readonly<Record<LedgerEntry['kind'], string>> = {
  retention: 'Seven days were over',
  erasure: 'On request',
  sweep: 'Sweep',
};

/** Faults that are written out; the rest is counted. */
const shownFaults = 5;

function Verdict({ verification }: { verification: LedgerVerification }) {
  const { valid, entries, faults, checkpoint } = verification;
  return (
    <div class={`notice ${valid ? 'good' : 'bad'} verdict`} role="status">
      {valid ? <CheckIcon /> : <WarningIcon />}
      <div>
        <strong>
          {valid
            ? `The ledger holds: ${plural(entries, 'entry', 'entries')}, as its signed checkpoint says`
            : 'The ledger was changed'}
        </strong>
        {faults.slice(0, shownFaults).map(({ code, at, message }, index) => (
          <span key={index} data-code={code}>
            {at === null ? '' : `Entry ${at}: `}
            {message}
          </span>
        ))}
        {faults.length > shownFaults && (
          <span>
            {plural(faults.length - shownFaults, 'more fault', 'more faults')};{' '}
            <code>npx darkroom ledger verify</code> lists them all.
          </span>
        )}
        {checkpoint !== null && (
          <button
            class="button"
            onClick={() => saveFile(new Blob([checkpoint], { type: 'text/plain' }), 'checkpoint.txt')}
          >
            <DownloadIcon /> Keep the checkpoint
          </button>
        )}
      </div>
    </div>
  );
}

function VerifySection() {
  const remote = useRemote(
    'verify',
    (signal) => ask((api) => api.GET('/operations/purges/verify', { signal })),
    {
      every: 60_000,
    },
  );
  return (
    <Section title="Verification" remote={remote} rows={1} like="verdict">
      <div class="card-body verdict-body">{remote.data && <Verdict verification={remote.data} />}</div>
    </Section>
  );
}

const isImageId = (text: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);

const Entries = ({ entries }: { entries: readonly LedgerEntry[] }) => (
  <table class="cards">
    <caption class="visually-hidden">Erasures, newest first</caption>
    <thead>
      <tr>
        <th scope="col">Entry</th>
        <th scope="col">Erased</th>
        <th scope="col">Why</th>
        <th scope="col">Was due</th>
        <th scope="col" class="number">
          Blobs
        </th>
        <th scope="col" class="number">
          Size
        </th>
        <th scope="col">Digest of the id</th>
        <th scope="col">In the log</th>
      </tr>
    </thead>
    <tbody>
      {entries.map((entry) => (
        <tr key={entry.sequence}>
          <th scope="row" class="number-left">
            {entry.sequence}
          </th>
          <td data-label="Erased">
            <Time at={entry.erasedAt} />
          </td>
          <td data-label="Why">{kinds[entry.kind]}</td>
          <td data-label="Was due">
            <Time at={entry.dueAt} />
          </td>
          <td class="number" data-label="Blobs">
            {formatCount(entry.blobs)}
          </td>
          <td class="number" data-label="Size">
            {formatBytes(entry.bytes)}
          </td>
          <td class="mono" data-label="Digest of the id" title={entry.imageDigest}>
            {entry.imageDigest.slice(0, 12)}…
          </td>
          <td class="mono" data-label="In the log" title={entry.commitment}>
            {entry.leafIndex ?? 'within a minute'}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

function LedgerSection() {
  const [asked, setAsked] = useState('');
  const [trail, setTrail] = useState<readonly (string | undefined)[]>([undefined]);
  const imageId = isImageId(asked.trim()) ? asked.trim().toLowerCase() : undefined;
  const cursor = trail.at(-1);
  const query = {
    limit: 50,
    ...(imageId !== undefined && { imageId }),
    ...(cursor !== undefined && { cursor }),
  };
  const remote = useRemote(
    `purges.${imageId ?? ''}.${cursor ?? ''}`,
    (signal) => ask((api) => api.GET('/operations/purges', { params: { query }, signal })),
    { every: 15_000 },
  );
  const { data } = remote;
  return (
    <Section
      title="Ledger"
      remote={remote}
      rows={8}
      tools={
        <div class="field ask">
          <label for="purge-image">Was this image erased?</label>
          <input
            id="purge-image"
            class="input mono"
            placeholder="Image id"
            value={asked}
            {...(asked.trim() !== '' && imageId === undefined && { 'aria-invalid': true })}
            onInput={(event) => {
              setAsked(event.currentTarget.value);
              setTrail([undefined]);
            }}
          />
        </div>
      }
    >
      {data && data.purges.length > 0 && <Entries entries={data.purges} />}
      {data?.purges.length === 0 && (
        <Empty
          icon={<TrashIcon />}
          title={imageId ? 'The ledger has no erasure of this image' : 'Nothing was erased yet'}
        />
      )}
      {(trail.length > 1 || (data?.next ?? null) !== null) && (
        <nav class="letters-foot" aria-label="Pages of the ledger">
          <button class="button" disabled={trail.length === 1} onClick={() => setTrail(trail.slice(0, -1))}>
            Newer
          </button>
          <button
            class="button"
            disabled={(data?.next ?? null) === null}
            onClick={() => setTrail([...trail, data?.next ?? undefined])}
          >
            Older
          </button>
        </nav>
      )}
    </Section>
  );
}

/** What was erased, when and why, with the proof that nobody changed the record. */
export const Purges = () => (
  <>
    <VerifySection />
    <LedgerSection />
  </>
);
