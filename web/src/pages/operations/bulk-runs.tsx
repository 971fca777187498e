import { ask } from '../../api/client.ts';
import { Actor } from '../../ui/actor.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { BulkProgress } from './bulk-progress.tsx';
import { Section } from './section.tsx';

/** Replays and discardings of many, everybody's; nothing where there were none. */
export function BulkRuns({ me }: { me: string }) {
  const remote = useRemote(
    'bulk-runs',
    (signal) => ask((api) => api.GET('/operations/bulk-runs', { signal })),
    {
      every: 3_000,
    },
  );
  const runs = remote.data?.runs ?? [];
  if (runs.length === 0) return null;
  return (
    <Section title="Runs over dead letters" remote={remote}>
      <ul class="bulk-runs">
        {runs.map((run) => (
          <li key={run.id}>
            <BulkProgress run={run} onStopped={remote.reload} />
            <small class="dim">
              <Time at={run.startedAt} /> by <Actor id={run.actor} me={me} />: <bdi>{run.reason}</bdi>
            </small>
          </li>
        ))}
      </ul>
    </Section>
  );
}
