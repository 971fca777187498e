import { useState } from 'preact/hooks';
import { asApiError } from '../../../../client/api-error.ts';
import type { Person } from '../../session/session.ts';
import { announce } from '../../ui/announce.tsx';
import { Foot } from '../../ui/foot.tsx';
import { formatBytes, plural } from '../../ui/format.ts';
import { CloseIcon, DownloadIcon } from '../../ui/icons.tsx';
import { useNow } from '../../ui/time.tsx';
import { eraseLater, erasings, forgetErasing, type Erasing } from './erasing.ts';
import { imageName } from './image-name.ts';
import './images.css';
import { saveReceipts } from './receipts.ts';
import { forgetZipJob, zipJobs, type ZipJob } from './save-zip.ts';
import { UploadRows } from './upload-rows.tsx';
import { uploadsOf } from './uploads.ts';

const Dismiss = ({ what, onClick }: { what: string; onClick: () => void }) => (
  <button class="button quiet icon" aria-label={`Dismiss ${what}`} onClick={onClick}>
    <CloseIcon />
  </button>
);

/** The name of one, the number of several. */
const whatOf = (images: Erasing['images']): string =>
  images.length === 1 ? imageName(images[0]!) : plural(images.length, 'image', 'images');

export function Held({ erasing }: { erasing: Erasing }) {
  const now = useNow(250);
  const seconds = Math.max(0, Math.ceil((erasing.at - now) / 1000));
  return (
    <>
      <span class="work-text">
        <strong>{whatOf(erasing.images)}</strong> will be erased in {seconds} s
      </span>
      <button class="button" onClick={() => erasing.takeBack()}>
        Take back
      </button>
    </>
  );
}

function Reasons({ of }: { of: readonly { readonly name: string; readonly reason: string }[] }) {
  return (
    <details>
      <summary>Which, and why</summary>
      <ul class="plain-list">
        {of.map(({ name, reason }, index) => (
          <li key={index}>
            <bdi>{name}</bdi>: <span class="dim">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Erased({ erasing }: { erasing: Erasing }) {
  const [waiting, setWaiting] = useState(false);
  const [reason, setReason] = useState<string>();
  const erased = erasing.erased.value;
  const failed = erasing.failed.value.map(({ image, reason: why }) => ({
    name: imageName(image),
    reason: why,
  }));
  const save = () => {
    setWaiting(true);
    setReason(undefined);
    announce('The receipts are saved as soon as the log has signed them, within a minute.');
    saveReceipts(erased)
      .catch((error: unknown) => setReason(asApiError(error).message))
      .finally(() => setWaiting(false));
  };
  return (
    <>
      <span class="work-text">
        {erased.length > 0 && <span>{plural(erased.length, 'image is', 'images are')} erased. </span>}
        {failed.length > 0 && <strong>{plural(failed.length, 'image is', 'images are')} not. </strong>}
        {reason}
      </span>
      {erased.length > 0 && (
        <button class="button" disabled={waiting} onClick={save}>
          <DownloadIcon /> {waiting ? 'Being signed …' : 'Save receipts'}
        </button>
      )}
      {failed.length > 0 && (
        <button
          class="button"
          onClick={() => {
            forgetErasing(erasing);
            eraseLater(erasing.failed.value.map(({ image }) => image));
          }}
        >
          Try again
        </button>
      )}
      <Dismiss what="the erasure" onClick={() => forgetErasing(erasing)} />
      {failed.length > 0 && <Reasons of={failed} />}
    </>
  );
}

function Running({ erasing }: { erasing: Erasing }) {
  const total = erasing.images.length;
  const done = erasing.erased.value.length + erasing.failed.value.length;
  return (
    <>
      <span class="work-text">
        Erasing {done} of {total}
      </span>
      <progress max={total} value={done} aria-label="Erased" />
    </>
  );
}

const ErasingCard = ({ erasing }: { erasing: Erasing }) => (
  <section class="card work-card" aria-label="Erasure" data-state={erasing.state.value}>
    {erasing.state.value === 'held' && <Held erasing={erasing} />}
    {erasing.state.value === 'running' && <Running erasing={erasing} />}
    {erasing.state.value === 'over' && <Erased erasing={erasing} />}
  </section>
);

function ZipCard({ job }: { job: ZipJob }) {
  const state = job.state.value;
  const { total, fileName } = job;
  const [done, missing] = [job.done.value, job.missing.value];
  return (
    <section class="card work-card" aria-label={`ZIP ${fileName}`} data-state={state.kind}>
      <span class="work-text">
        <strong>{fileName}</strong>
        {state.kind === 'running' && `: ${done} of ${total}, ${formatBytes(job.bytes.value)}`}
        {state.kind === 'saved' &&
          ` has ${done} of ${plural(total, 'image', 'images')}, ${formatBytes(job.bytes.value)}.`}
        {state.kind === 'failed' && ` is not saved: ${state.reason} Nothing of it was kept; save it again.`}
        {missing.length > 0 && ` ${missing.length} missing.`}
      </span>
      {state.kind === 'running' ? (
        <>
          <progress max={total} value={done + missing.length} aria-label={`${fileName}: files read`} />
          <button class="button" onClick={() => job.cancel()}>
            Cancel
          </button>
        </>
      ) : (
        <Dismiss what={fileName} onClick={() => forgetZipJob(job)} />
      )}
      {missing.length > 0 && <Reasons of={missing} />}
    </section>
  );
}

/** Uploads, ZIPs and erasures that go on whichever page is looked at: at the foot of every one. */
export default function WorkPanel({ person }: { person: Person }) {
  const queue = person.roles.includes('Uploader') ? uploadsOf(person.id).queue : undefined;
  const uploads = queue?.entries.value.length ?? 0;
  if (uploads + erasings.value.length + zipJobs.value.length === 0) return null;
  return (
    <Foot name="work">
      <div class="work-cards">
        {erasings.value.map((erasing) => (
          <ErasingCard key={erasing.key} erasing={erasing} />
        ))}
        {zipJobs.value.map((job) => (
          <ZipCard key={job.key} job={job} />
        ))}
        {queue && <UploadRows queue={queue} />}
      </div>
    </Foot>
  );
}
