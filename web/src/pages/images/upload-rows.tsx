import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Image } from '../../../../client/api-types.ts';
import { isSettled } from '../../../../client/image.ts';
import { announce, toast } from '../../ui/announce.tsx';
import { formatBytes, plural } from '../../ui/format.ts';
import { CloseIcon, PauseIcon, PlayIcon, RefreshIcon } from '../../ui/icons.tsx';
import { useScrollCues } from '../../ui/scroll-area.tsx';
import { Badge } from '../../ui/states.tsx';
import { StatusBadge } from './status.tsx';
import type { QueuedFile, UploadQueue } from './upload-queue.ts';
import { isOver, isRunning, type UploadState } from './upload-state.ts';
import { watchImage } from './watch-image.ts';

const percent = (sent: number, bytes: number): number => (bytes === 0 ? 0 : Math.floor((sent / bytes) * 100));

/** What became of a file that was sent, until it is certain. */
function useFate(imageId: string, name: string): Image | undefined {
  const [image, setImage] = useState<Image>();
  useEffect(
    () =>
      watchImage(imageId, (found) => {
        setImage(found);
        if (!isSettled(found)) return;
        announce(found.failure ? `${name}: ${found.failure.message}` : `${name} is ready.`);
      }),
    [imageId],
  );
  return image;
}

function Sent({ imageId, name }: { imageId: string; name: string }) {
  const image = useFate(imageId, name);
  return (
    <>
      <span class="upload-note">{image?.failure?.message}</span>
      {image ? <StatusBadge image={image} /> : <Badge tone="info">Received</Badge>}
    </>
  );
}

const Progress = ({ name, size, sent }: { name: string; size: number; sent: number }) => (
  <span class="upload-note">
    <progress max={size} value={sent} aria-label={`${name}: sent`} />
  </span>
);

function State({ entry }: { entry: QueuedFile }) {
  const state = entry.state.value;
  const { size, name } = entry.file;
  switch (state.kind) {
    case 'waiting':
      return <Badge tone="plain">Waiting</Badge>;
    case 'checking':
      return <Badge tone="plain">Checking</Badge>;
    case 'sending':
      return (
        <>
          <Progress {...{ name, size, sent: state.sent }} />
          <span class="number">{percent(state.sent, size)} %</span>
        </>
      );
    case 'paused':
      return (
        <>
          <Progress {...{ name, size, sent: state.sent }} />
          <Badge tone="warn">{state.by === 'person' ? 'Paused' : 'No connection'}</Badge>
        </>
      );
    case 'sent':
      return <Sent imageId={state.imageId} name={name} />;
    case 'duplicate':
      return (
        <>
          <span class="upload-note">The same picture is here already.</span>
          <Badge tone="warn">Duplicate</Badge>
        </>
      );
    case 'refused':
      return (
        <>
          <span class="upload-note">{state.reason}</span>
          <Badge tone="bad">Refused</Badge>
        </>
      );
    case 'failed':
      return (
        <>
          <span class="upload-note">{state.reason}</span>
          <Badge tone="bad">Not sent</Badge>
        </>
      );
    case 'cancelled':
      return <Badge tone="plain">Cancelled</Badge>;
  }
}

function Actions({ entry, queue }: { entry: QueuedFile; queue: UploadQueue }) {
  const state = entry.state.value;
  const { name } = entry.file;
  return (
    <span class="upload-actions">
      {(state.kind === 'sent' || state.kind === 'duplicate') && (
        <a class="button quiet" href={`/images/${state.imageId}`}>
          Open<span class="visually-hidden"> {name}</span>
        </a>
      )}
      {state.kind === 'duplicate' && (
        <button class="button quiet" onClick={() => queue.insist(entry.key)}>
          Upload anyway
        </button>
      )}
      {state.kind === 'sending' && (
        <button
          class="button quiet icon"
          aria-label={`Pause ${name}`}
          onClick={() => void queue.pause(entry.key)}
        >
          <PauseIcon />
        </button>
      )}
      {state.kind === 'paused' && (
        <button
          class="button quiet icon"
          aria-label={`Go on with ${name}`}
          onClick={() => queue.resume(entry.key)}
        >
          <PlayIcon />
        </button>
      )}
      {state.kind === 'failed' && (
        <button
          class="button quiet icon"
          aria-label={`Send ${name} again`}
          onClick={() => queue.resume(entry.key)}
        >
          <RefreshIcon />
        </button>
      )}
      {!isOver(state) && (
        <button
          class="button quiet icon"
          aria-label={`Cancel ${name}`}
          onClick={() => void queue.cancel(entry.key)}
        >
          <CloseIcon />
        </button>
      )}
    </span>
  );
}

function Row({ entry, queue }: { entry: QueuedFile; queue: UploadQueue }) {
  return (
    <li class="upload-row" data-state={entry.state.value.kind}>
      <span class="upload-name">
        <span>{entry.file.name}</span>
        <small class="dim">{formatBytes(entry.file.size)}</small>
      </span>
      <span class="upload-state">
        <State entry={entry} />
      </span>
      <Actions entry={entry} queue={queue} />
    </li>
  );
}

function List({ entries, queue }: { entries: readonly QueuedFile[]; queue: UploadQueue }) {
  const list = useRef<HTMLUListElement>(null);
  useScrollCues(list);
  return (
    <div class="scroll-frame">
      <ul ref={list} class="upload-list">
        {entries.map((entry) => (
          <Row key={entry.key} entry={entry} queue={queue} />
        ))}
      </ul>
    </div>
  );
}

/** Folded, only its heading is there. Where there is little room it begins so. */
const isFolded = signal(matchMedia('(max-width: 46rem)').matches);

function summary(entries: readonly QueuedFile[]): string {
  const over = entries.filter(({ state }) => isOver(state.value)).length;
  return `${over} of ${entries.length} done`;
}

/** Every file that was given, each with its own state and what can be done about it. */
export function UploadRows({ queue }: { queue: UploadQueue }) {
  const entries = queue.entries.value;
  if (entries.length === 0) return null;
  const count = (matches: (state: UploadState) => boolean) =>
    entries.filter(({ state }) => matches(state.value)).length;
  const failed = count(({ kind }) => kind === 'failed');
  const paused = count((state) => state.kind === 'paused' && state.by === 'person');
  const left = count((state) => !isOver(state));
  const cancelAll = () => {
    const { count: cancelled, undo } = queue.cancelAll();
    toast(`${plural(cancelled, 'upload', 'uploads')} cancelled.`, {
      action: { label: 'Undo', run: undo },
      lasts: 10_000,
    });
  };
  const mayPause = entries.length > 1 && count((state) => state.kind === 'waiting' || isRunning(state)) > 0;
  return (
    <section class="card" aria-labelledby="uploads-title">
      <header>
        <h2 id="uploads-title">
          <button
            class="button quiet fold"
            aria-expanded={!isFolded.value}
            onClick={() => (isFolded.value = !isFolded.value)}
          >
            Uploads
          </button>
        </h2>
        <span class="dim upload-summary">{summary(entries)}</span>
        <span class="toolbar">
          {mayPause && (
            <button class="button" onClick={() => void queue.pauseAll()}>
              Pause all
            </button>
          )}
          {paused > 1 && (
            <button class="button" onClick={() => queue.resumeAll()}>
              Go on with all
            </button>
          )}
          {failed > 0 && (
            <button class="button" onClick={() => queue.retryFailed()}>
              Send {failed} again
            </button>
          )}
          {left > 1 && (
            <button class="button quiet" onClick={cancelAll}>
              Cancel all
            </button>
          )}
          <button class="button quiet" onClick={() => queue.clearOver()}>
            Clear finished
          </button>
        </span>
      </header>
      {!isFolded.value && <List entries={entries} queue={queue} />}
    </section>
  );
}
