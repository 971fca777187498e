import type { DeadLetterDetail } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { Actor } from '../../ui/actor.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Badge, Failure, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { outcomeTone } from './replay-outcome.ts';

function Payload({ letter }: { letter: DeadLetterDetail }) {
  const { payload } = letter;
  if (payload === null)
    return <p class="dim">The payload is gone: its time in the hub is over, or it was erased.</p>;
  return (
    <dl class="facts">
      <dt>Size</dt>
      <dd>{formatBytes(payload.bytes)}</dd>
      <dt>Content type</dt>
      <dd>{payload.contentType ?? 'not said'}</dd>
      <dt>Headers</dt>
      <dd>{payload.headers.length === 0 ? 'none' : payload.headers.join(', ')}</dd>
      <dt>Key</dt>
      <dd>{payload.hasKey ? 'has one, not shown: it says whose it is' : 'none'}</dd>
      <dt>Begins with</dt>
      <dd class="mono">{payload.begins === '' ? 'nothing' : payload.begins}</dd>
      {payload.fields && (
        <>
          <dt>Fields</dt>
          <dd>{payload.fields.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}

function Origin({ letter }: { letter: DeadLetterDetail }) {
  const { hub, partition, offset } = letter.origin;
  return (
    <dl class="facts">
      <dt>Error</dt>
      <dd>
        <code>{letter.code}</code>
        <br />
        <bdi>{letter.message}</bdi>
      </dd>
      <dt>Where</dt>
      <dd>
        {letter.stage}, after {letter.attempts} {letter.attempts === 1 ? 'attempt' : 'attempts'}
      </dd>
      <dt>Origin</dt>
      <dd>
        {hub}, partition {partition}, offset <span class="mono">{offset}</span>
      </dd>
      <dt>Since</dt>
      <dd>
        <Time at={letter.deadAt} />
      </dd>
      <dt>Kept until</dt>
      <dd>
        <Time at={letter.expiresAt} />
      </dd>
      {letter.imageId !== null && (
        <>
          <dt>Image</dt>
          <dd>
            <a href={`/images/${letter.imageId}`} class="mono">
              {letter.imageId}
            </a>
          </dd>
        </>
      )}
    </dl>
  );
}

function Replays({ letter, me }: { letter: DeadLetterDetail; me: string }) {
  if (letter.replayed.length === 0) return null;
  return (
    <section>
      <h3>Replayed</h3>
      <ul class="replays">
        {letter.replayed.map((one) => (
          <li key={one.at}>
            <Badge tone={outcomeTone(one.outcome)}>{one.outcome}</Badge>
            <span>
              <Time at={one.at} /> by <Actor id={one.actor} me={me} />: <bdi>{one.reason}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LetterDialogProps {
  readonly id: string;
  readonly me: string;
  readonly onReplay: () => void;
  readonly onClose: () => void;
}

/** One dead letter: what failed, where, how often, and what may be shown of its payload. */
export function LetterDialog({ id, me, onReplay, onClose }: LetterDialogProps) {
  const {
    data: letter,
    problem,
    reload,
  } = useRemote(id, (signal) =>
    ask((api) => api.GET('/operations/dead-letters/{id}', { params: { path: { id } }, signal })),
  );
  return (
    <Dialog
      wide
      title={`Dead letter ${id}`}
      onClose={onClose}
      footer={
        <>
          <button class="button" onClick={onClose}>
            Close
          </button>
          <button class="button primary" disabled={!letter?.payload} onClick={onReplay}>
            Replay …
          </button>
        </>
      }
    >
      {problem && <Failure problem={problem} onRetry={reload} />}
      {!letter && !problem && <Loading rows={14} />}
      {letter && (
        <>
          <Origin letter={letter} />
          <section class="payload">
            <h3>Payload, without anything personal</h3>
            <Payload letter={letter} />
          </section>
          <Replays letter={letter} me={me} />
        </>
      )}
    </Dialog>
  );
}
