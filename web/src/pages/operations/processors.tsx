import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { Processor } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { toast } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { Badge, Failure, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { Section } from './section.tsx';

const outdated = ({ version, versions }: Processor): number =>
  versions.filter((one) => one.version !== version).reduce((sum, { images }) => sum + images, 0);

/** Without a reason it says only how many images it would be. */
const reprocess = (processor: string, reason?: string) =>
  ask((api) =>
    api.POST('/operations/reprocess', {
      body: { processor, ...(reason === undefined ? { dryRun: true } : { reason }) },
    }),
  );

function ReprocessDialog({ processor, onClose }: { processor: Processor; onClose: () => void }) {
  const trial = useRemote(processor.name, () => reprocess(processor.name));
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<ApiError>();
  const submit = (event: Event) => {
    event.preventDefault();
    reprocess(processor.name, reason).then(
      ({ images }) => {
        toast(`On its way, behind all new uploads: ${plural(images, 'image', 'images')}.`);
        onClose();
      },
      (error: unknown) => setProblem(asApiError(error)),
    );
  };
  return (
    <Dialog
      title={`Process again with ${processor.name} ${processor.version ?? ''}`}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button form="reprocess" class="button primary" disabled={!trial.data || trial.data.images === 0}>
            Process {trial.data ? formatCount(trial.data.images) : ''} again
          </button>
        </>
      }
    >
      {trial.problem && <Failure problem={trial.problem} onRetry={trial.reload} />}
      {!trial.data && !trial.problem && <Loading rows={1} />}
      {trial.data && (
        <p>Made by another version: {plural(trial.data.images, 'image', 'images')}. New uploads go first.</p>
      )}
      <form id="reprocess" class="field" onSubmit={submit}>
        <label for="reprocess-reason">Why</label>
        <input
          id="reprocess-reason"
          class="input"
          required
          maxLength={500}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </form>
      {problem && <Failure problem={problem} />}
    </Dialog>
  );
}

/** The company's processors, their versions, and how many images each version made. */
export function Processors() {
  const remote = useRemote(
    'processors',
    (signal) => ask((api) => api.GET('/operations/processors', { signal })),
    {
      every: 30_000,
    },
  );
  const [chosen, setChosen] = useState<Processor>();
  return (
    <Section title="Processors" remote={remote}>
      <table class="cards">
        <caption class="visually-hidden">Processors and their versions</caption>
        <thead>
          <tr>
            <th scope="col">Processor</th>
            <th scope="col">Version</th>
            <th scope="col">Makes</th>
            <th scope="col">Images by version</th>
            <th scope="col">
              <span class="visually-hidden">Process again</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {remote.data?.processors.map((processor) => (
            <tr key={processor.name}>
              <th scope="row">{processor.name}</th>
              <td data-label="Version">
                {processor.version === null ? (
                  <Badge tone="warn">gone</Badge>
                ) : (
                  <code>{processor.version}</code>
                )}
              </td>
              <td data-label="Makes">
                {processor.variants.length === 0 ? 'facts' : processor.variants.join(', ')}
              </td>
              <td data-label="Images by version">
                <span>
                  {processor.versions.length === 0 && <span class="dim">none yet</span>}
                  {processor.versions.map(({ version, images, lastAt }) => (
                    <span key={version} class="version">
                      Version {version}: {plural(images, 'image', 'images')}{' '}
                      <small class="dim">
                        the last <Time at={lastAt} />
                      </small>
                    </span>
                  ))}
                </span>
              </td>
              <td class="row-actions">
                {processor.version !== null && outdated(processor) > 0 && (
                  <button class="button" onClick={() => setChosen(processor)}>
                    Process {formatCount(outdated(processor))} again …
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen && (
        <ReprocessDialog
          processor={chosen}
          onClose={() => {
            setChosen(undefined);
            remote.reload();
          }}
        />
      )}
    </Section>
  );
}
