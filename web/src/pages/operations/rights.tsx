import { Fragment } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Right, RightsReport } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { formatCount } from '../../ui/format.ts';
import { CheckIcon, WarningIcon } from '../../ui/icons.tsx';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { useRemote, type Remote } from '../../ui/use-remote.ts';
import { RightsWhy } from './rights-why.tsx';
import { Section } from './section.tsx';
import { verbNames } from './verb-names.ts';

/** A name that may be broken at its dot and underscores, where a column is narrow. */
const breakable = (name: string) =>
  name.split(/(?<=[._])/).map((part, at) => (
    <Fragment key={at}>
      {part}
      <wbr />
    </Fragment>
  ));

interface ObjectRow {
  readonly name: string;
  readonly kind: string;
  /** By role: the verbs that the database allows, and whether any of them differs from what is meant. */
  readonly cells: Readonly<Record<string, { readonly verbs: readonly string[]; readonly differs: boolean }>>;
}

function matrixOf({ rights }: RightsReport): readonly ObjectRow[] {
  const objects = new Map<string, Right[]>();
  for (const right of rights) {
    const name = `${right.schema}.${right.object}`;
    const known = objects.get(name);
    if (known) known.push(right);
    else objects.set(name, [right]);
  }
  return [...objects].map(([name, its]) => {
    const byRole = Object.groupBy(its, ({ role }) => role);
    const cells = Object.fromEntries(
      Object.entries(byRole).map(([role, some = []]) => [
        role,
        {
          verbs: some.filter(({ allowed }) => allowed).map(({ verb }) => verbNames[verb] ?? verb),
          differs: some.some(({ allowed, meant }) => allowed !== meant),
        },
      ]),
    );
    return { name, kind: its[0]!.kind, cells };
  });
}

function Verdict({ report }: { report: RightsReport }) {
  const { differences, rights } = report;
  const holds = differences.length === 0;
  return (
    <div class={`notice ${holds ? 'good' : 'bad'} verdict`} role="status">
      {holds ? <CheckIcon /> : <WarningIcon />}
      <div>
        <strong>
          {holds
            ? `As it is meant: all ${formatCount(rights.length)} answers of the database fit the permission model`
            : `${formatCount(differences.length)} rights are not as they are meant`}
        </strong>
        {differences.map((right) => (
          <span key={`${right.role}/${right.schema}.${right.object}/${right.verb}`} class="mono">
            {right.role} {right.allowed ? 'may' : 'may not'} {right.verb} {right.schema}.{right.object}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Who may do what in the database, as it answers at this moment. */
function Matrix({ remote }: { remote: Remote<RightsReport> }) {
  const { data } = remote;
  const [find, setFind] = useState('');
  const matrix = useMemo(() => (data ? matrixOf(data) : []), [data]);
  const shown = matrix.filter(({ name }) => name.includes(find.trim().toLowerCase()));
  return (
    <Section
      title="Rights in the database"
      remote={remote}
      at={data?.asOf}
      rows={10}
      tools={
        <div class="field ask">
          <label for="rights-find">Object</label>
          <input
            id="rights-find"
            class="input"
            type="search"
            placeholder="Part of a name"
            value={find}
            onInput={(event) => setFind(event.currentTarget.value)}
          />
        </div>
      }
    >
      <div class="card-body">{data && <Verdict report={data} />}</div>
      <ScrollArea class="matrix" label="Role by object">
        <table>
          <caption class="visually-hidden">What each role may do with each object</caption>
          <thead>
            <tr>
              <th scope="col">Object</th>
              {data?.roles.map((role) => (
                <th key={role} scope="col">
                  {role.replaceAll('_', ' ')}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, kind, cells }) => (
              <tr key={name}>
                <th scope="row">
                  {breakable(name)} <small class="dim">{kind}</small>
                </th>
                {data?.roles.map((role) => {
                  const cell = cells[role];
                  const verbs = cell?.verbs ?? [];
                  return (
                    <td key={role} class={cell?.differs ? 'differs' : ''}>
                      {verbs.length > 0 ? (
                        <span class="may">{verbs.join(', ')}</span>
                      ) : (
                        <span class="dim" aria-label="nothing">
                          –
                        </span>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      <p class="matrix-foot dim">
        {formatCount(shown.length)} of {formatCount(matrix.length)} objects. Faults of the catalogue itself
        (owners, views, keys, indexes) are found by <code>npx darkroom rights lint</code>, which needs the
        owner’s login: this service must not have it.
      </p>
    </Section>
  );
}

export function Rights() {
  const remote = useRemote('rights', (signal) => ask((api) => api.GET('/operations/rights', { signal })), {
    every: 60_000,
  });
  const names = remote.data?.rights.map(({ schema, object }) => `${schema}.${object}`);
  return (
    <>
      <RightsWhy objects={[...new Set(names)].sort()} />
      <Matrix remote={remote} />
    </>
  );
}
