import type { GroupLag, Health } from '../../../../client/api-types.ts';
import { readHealth } from '../../../../client/read-health.ts';
import { ask, openApi } from '../../api/client.ts';
import { formatBytes, formatCount, formatDuration } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Badge, Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote, type Remote } from '../../ui/use-remote.ts';
import { sourceName, statusNames } from '../images/status.tsx';
import { Attention, DeadLetterCountsSection, useDeadLetterCounts } from './attention.tsx';
import { lagText, lagTones, rate } from './lag-text.ts';
import { Readers } from './readers.tsx';
import { Section } from './section.tsx';

const often = { every: 4000 } as const;
const seldom = { every: 30_000 } as const;

function HealthSection({ remote }: { remote: Remote<Health> }) {
  const { data } = remote;
  return (
    <Section
      id="health"
      title="Health of the parts"
      remote={remote}
      at={data?.checkedAt}
      rows={1}
      like="checks"
    >
      <ul class="checks">
        {data?.checks.map(({ name, status, milliseconds, code }) => (
          <li key={name}>
            <Badge tone={status === 'healthy' ? 'good' : 'bad'}>{name}</Badge>
            <small class="dim">
              {status === 'healthy' ? `${formatCount(milliseconds)} ms` : (code ?? 'fails')}
            </small>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Group({ group }: { group: GroupLag }) {
  return (
    <details class="group" data-state={group.state}>
      <summary>
        <span class="group-name">
          <strong>{group.hub}</strong> <small class="dim">{group.consumerGroup}</small>
        </span>
        <Badge tone={lagTones[group.state]}>{lagText(group)}</Badge>
        <small class="dim group-rate">
          {group.throughput === null
            ? 'rate not known yet'
            : `${rate(group.throughput.inPerSecond)} in, ${rate(group.throughput.settledPerSecond)} settled`}
        </small>
      </summary>
      <ScrollArea label={`Partitions of ${group.hub}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Partition</th>
              <th scope="col">Lag</th>
              <th scope="col" class="number">
                Last event
              </th>
              <th scope="col" class="number">
                Checkpoint
              </th>
              <th scope="col">Checkpoint moved</th>
              <th scope="col" class="number">
                Expired unread
              </th>
            </tr>
          </thead>
          <tbody>
            {group.partitions.map((partition) => (
              <tr key={partition.partition}>
                <th scope="row">{partition.partition}</th>
                <td>
                  <Badge tone={lagTones[partition.state]}>{lagText(partition)}</Badge>
                </td>
                <td class="number">
                  {partition.lastSequenceNumber < 0 ? 'none yet' : formatCount(partition.lastSequenceNumber)}
                </td>
                <td class="number">
                  {partition.checkpoint === null ? 'none' : formatCount(partition.checkpoint)}
                </td>
                <td>{partition.checkpointAt === null ? 'never' : <Time at={partition.checkpointAt} />}</td>
                <td class="number">{formatCount(partition.expired)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      <p class="group-more">
        <a href={`/operations?part=lag&hub=${group.hub}`}>The last 24 hours of {group.hub}</a>
      </p>
    </details>
  );
}

function StreamSection() {
  const remote = useRemote(
    'stream',
    (signal) => ask((api) => api.GET('/operations/stream', { signal })),
    often,
  );
  const { data } = remote;
  return (
    <Section title="Stream" remote={remote} at={data?.asOf} rows={4} like="groups">
      {data?.groups.map((group) => (
        <Group key={`${group.hub}/${group.consumerGroup}`} group={group} />
      ))}
    </Section>
  );
}

function ImagesSection() {
  const remote = useRemote(
    'image-counts',
    (signal) => ask((api) => api.GET('/operations/images', { signal })),
    {
      every: 10_000,
    },
  );
  const { data } = remote;
  return (
    <Section title="Images here now" remote={remote} at={data?.asOf}>
      {data?.counts.length === 0 ? (
        <Empty title="No images" />
      ) : (
        <ScrollArea label="Images by status and source">
          <table>
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col">Source</th>
                <th scope="col" class="number">
                  Images
                </th>
                <th scope="col" class="number">
                  Size
                </th>
                <th scope="col">Oldest</th>
              </tr>
            </thead>
            <tbody>
              {data?.counts.map((row) => (
                <tr key={`${row.status}/${row.source}`}>
                  <th scope="row">{statusNames[row.status]}</th>
                  <td>{sourceName(row.source)}</td>
                  <td class="number">{formatCount(row.images)}</td>
                  <td class="number">{formatBytes(row.bytes)}</td>
                  <td>{row.oldest === null ? '' : <Time at={row.oldest} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Section>
  );
}

function ExportsSection() {
  const remote = useRemote(
    'exports',
    (signal) => ask((api) => api.GET('/operations/exports', { signal })),
    seldom,
  );
  const { data } = remote;
  return (
    <Section id="exports" title="Exports to the lake" remote={remote} at={data?.asOf}>
      {data?.exports.length === 0 ? (
        <Empty title="Nothing was exported yet" />
      ) : (
        <ScrollArea label="Exports by table">
          <table>
            <thead>
              <tr>
                <th scope="col">Table</th>
                <th scope="col" class="number">
                  Rows
                </th>
                <th scope="col" class="number">
                  Files
                </th>
                <th scope="col" class="number">
                  Size
                </th>
                <th scope="col">Age</th>
              </tr>
            </thead>
            <tbody>
              {data?.exports.map((one) => (
                <tr key={one.table}>
                  <th scope="row">{one.table}</th>
                  <td class="number">{formatCount(one.rows)}</td>
                  <td class="number">{formatCount(one.files)}</td>
                  <td class="number">{formatBytes(one.bytes)}</td>
                  <td class="nowrap">{formatDuration(one.ageSeconds * 1000)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Section>
  );
}

/** How the pipeline is, at a glance; it refreshes by itself. */
export function Overview({ me }: { me: string }) {
  const counts = useDeadLetterCounts();
  const health = useRemote('health', async (signal) => readHealth(await openApi(), { signal }), {
    every: 10_000,
  });
  return (
    <>
      <Attention health={health} />
      <HealthSection remote={health} />
      <StreamSection />
      <Readers me={me} />
      <div class="two-columns">
        <ImagesSection />
        <ExportsSection />
      </div>
      <DeadLetterCountsSection remote={counts} />
    </>
  );
}
