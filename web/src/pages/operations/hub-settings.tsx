import type { AllHubSettings, HubSettings as Settings } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Badge } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { Section } from './section.tsx';

const problems = { missing: 'There is no such hub', 'not-reached': 'Could not be asked' } as const;

function Partitions({ partitions: { actual, template, differs } }: Settings) {
  if (actual === null) return <>not known</>;
  if (!differs)
    return <span class="nowrap">{template === null ? actual : `${actual}, as in the template`}</span>;
  return (
    <>
      {actual} <Badge tone="bad">the template says {template}</Badge>
    </>
  );
}

function Kept({ problem, kept }: Settings) {
  if (problem !== null) return <Badge tone="bad">{problems[problem]}</Badge>;
  if (kept === null || kept.events === 0) return <>nothing</>;
  return (
    <>
      {formatCount(kept.events)} events
      {kept.bytes !== null && `, about ${formatBytes(kept.bytes)}`}
      {kept.oldestAt !== null && (
        <>
          , the oldest from <Time at={kept.oldestAt} />
        </>
      )}
    </>
  );
}

const headings = [
  'Hub',
  'Partitions',
  'Holds now',
  'Retention (template)',
  'Largest event (template)',
  'Made',
];

function Rows({ hubs }: { hubs: readonly Settings[] }) {
  return (
    <table class="cards">
      <caption class="visually-hidden">Settings of the hubs</caption>
      <thead>
        <tr>
          {headings.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {hubs.map((one) => (
          <tr key={one.hub} data-hub={one.hub}>
            <th scope="row">{one.hub}</th>
            <td data-label={headings[1]}>
              <Partitions {...one} />
            </td>
            <td data-label={headings[2]}>
              <Kept {...one} />
            </td>
            <td data-label={headings[3]}>{one.retentionHours} h</td>
            <td data-label={headings[4]}>{formatBytes(one.largestEventBytes)}</td>
            <td data-label={headings[5]}>
              {one.createdAt === null ? 'not known' : <Time at={one.createdAt} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const namespaceText = ({ tier, minimumUnits, maximumUnits }: AllHubSettings['namespace']): string =>
  maximumUnits === null
    ? `Tier ${tier}. There are no throughput units in this environment.`
    : `Tier ${tier}, from ${minimumUnits} to ${maximumUnits} throughput units, by the template.`;

/** The settings of the hubs as they are, and as the template has them. */
export function HubSettings() {
  const remote = useRemote(
    'hub-settings',
    (signal) => ask((api) => api.GET('/operations/hubs', { signal })),
    {
      every: 5 * 60_000,
    },
  );
  const { data } = remote;
  return (
    <Section title="Settings of the hubs" remote={remote} at={data?.asOf} rows={5}>
      {data && (
        <>
          <Rows hubs={data.hubs} />
          <p class="card-body dim">
            {namespaceText(data.namespace)} Retention, units and the size of an event are not asked of Azure,
            which takes a right on its management: what was changed there by hand is not seen here.
          </p>
        </>
      )}
    </Section>
  );
}
