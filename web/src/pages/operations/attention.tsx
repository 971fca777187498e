import { Fragment } from 'preact';
import type { Attention as Answer, DeadLetterCounts, Health } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { formatCount } from '../../ui/format.ts';
import { CheckIcon, WarningIcon } from '../../ui/icons.tsx';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Failure } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote, type Remote } from '../../ui/use-remote.ts';
import { summaryOf } from './concern-text.ts';
import { addressOf } from './dead-letter-query.ts';
import { Section } from './section.tsx';

export const useDeadLetterCounts = (): Remote<DeadLetterCounts> =>
  useRemote(
    'dead-letter-counts',
    (signal) => ask((api) => api.GET('/operations/dead-letter-counts', { signal })),
    {
      every: 10_000,
    },
  );

const useAttention = (): Remote<Answer> =>
  useRemote('attention', (signal) => ask((api) => api.GET('/operations/attention', { signal })), {
    every: 10_000,
  });

/** One sentence about the state, with links to exactly what it tells of. An answer that is no longer renewed claims nothing. */
export function Attention({ health }: { health: Remote<Health> }) {
  const { data, problem, reload } = useAttention();
  if (problem) return <Failure problem={problem} onRetry={reload} />;
  if (data === undefined || (health.data === undefined && !health.problem)) {
    return <div class="notice attention skeleton" />;
  }
  const { headline, said } = summaryOf(data.concerns, health.data?.checks ?? []);
  if (headline === undefined) {
    return (
      <div class="notice good attention" role="status">
        <CheckIcon />
        <strong>Nothing needs attention</strong>
      </div>
    );
  }
  return (
    <div class="notice bad attention" role="status">
      <WarningIcon />
      <p>
        <strong>{headline}</strong>
        {': '}
        {said.map(({ text, code, href, since }, index) => (
          <Fragment key={`${text}/${code}`}>
            {index > 0 && ', '}
            <a href={href}>
              {text}
              {code !== undefined && (
                <>
                  {' '}
                  <code>{code}</code>
                </>
              )}
            </a>
            {since !== null && (
              <>
                {' '}
                since <Time at={since} />
              </>
            )}
          </Fragment>
        ))}
      </p>
    </div>
  );
}

const columns = ['Code', 'Stage', 'Hub', 'Day (UTC)'];

/** Open dead letters by what they have in common; nothing where there are none. */
export function DeadLetterCountsSection({ remote }: { remote: Remote<DeadLetterCounts> }) {
  const open = remote.data?.counts.filter((one) => one.open) ?? [];
  if (open.length === 0) return null;
  return (
    <Section title="Open dead letters" remote={remote} at={remote.data?.asOf}>
      <ScrollArea label="Open dead letters by code, stage, hub and day">
        <table>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col" class="number">
                Dead letters
              </th>
            </tr>
          </thead>
          <tbody>
            {open.map(({ code, stage, hub, day, deadLetters }) => (
              <tr key={`${code}/${stage}/${hub}/${day}`}>
                <th scope="row">
                  <a href={addressOf({ show: 'open', code, stage, hub, day })}>
                    <code>{code}</code>
                  </a>
                </th>
                <td>{stage}</td>
                <td>{hub}</td>
                <td class="nowrap">{day}</td>
                <td class="number">{formatCount(deadLetters)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </Section>
  );
}
