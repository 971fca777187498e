import { Fragment } from 'preact';
import type { DeadLetterCounts } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { formatCount } from '../../ui/format.ts';
import { CheckIcon, WarningIcon } from '../../ui/icons.tsx';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Failure } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote, type Remote } from '../../ui/use-remote.ts';
import { addressOf, openByCode } from './dead-letter-query.ts';
import { Section } from './section.tsx';

/** Codes that the sentence names; the link to all of them has the rest. */
const maxNamed = 4;

export const useDeadLetterCounts = (): Remote<DeadLetterCounts> =>
  useRemote(
    'dead-letter-counts',
    (signal) => ask((api) => api.GET('/operations/dead-letter-counts', { signal })),
    {
      every: 10_000,
    },
  );

const needs = (images: number): string =>
  images === 1 ? '1 image needs attention' : `${formatCount(images)} images need attention`;

/** One sentence about the state, with links to exactly what it tells of. */
export function Attention({ remote }: { remote: Remote<DeadLetterCounts> }) {
  const { data, problem, reload } = remote;
  if (data === undefined) {
    return problem ? (
      <Failure problem={problem} onRetry={reload} />
    ) : (
      <div class="notice attention skeleton" />
    );
  }
  const groups = openByCode(data.counts);
  const images = groups.reduce((sum, group) => sum + group.images, 0);
  if (images === 0) {
    return (
      <div class="notice good attention" role="status">
        <CheckIcon />
        <strong>No image needs attention</strong>
      </div>
    );
  }
  return (
    <div class="notice bad attention" role="status">
      <WarningIcon />
      <p>
        <a href={addressOf({ show: 'open' })}>
          <strong>{needs(images)}</strong>
        </a>
        {': '}
        {groups.slice(0, maxNamed).map(({ code, images: count, since }, index) => (
          <Fragment key={code}>
            {index > 0 && ', '}
            <a href={addressOf({ show: 'open', code })}>
              {formatCount(count)} <code>{code}</code>
            </a>{' '}
            since <Time at={since} />
          </Fragment>
        ))}
        {groups.length > maxNamed && ` and ${groups.length - maxNamed} more codes`}
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
