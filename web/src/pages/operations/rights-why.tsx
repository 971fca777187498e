import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { RightsExplanation } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { CheckIcon, WarningIcon } from '../../ui/icons.tsx';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { verbNames } from './verb-names.ts';

const headings = [
  'Group',
  'Application role',
  'Service',
  'Database role',
  'Its groups and logins',
  'Schema',
  'May',
];

function Ways({ ways }: Pick<RightsExplanation, 'ways'>) {
  return (
    <ScrollArea label="From the person to the object">
      <table>
        <caption class="visually-hidden">Each way from the person to the object</caption>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ways.map(({ group, appRole, service, databaseRole, members, schema, verbs }) => (
            <tr key={`${group}/${appRole}/${service}/${databaseRole}`}>
              <td>{group ?? <span class="dim">directly</span>}</td>
              <td>{appRole}</td>
              <td>{service}</td>
              <td>{databaseRole}</td>
              <td>{members.join(', ')}</td>
              <td>{schema}</td>
              <td>
                {verbs.length > 0 ? (
                  verbs.map((verb) => verbNames[verb] ?? verb).join(', ')
                ) : (
                  <span class="dim">nothing with it</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Answer({ answer }: { answer: RightsExplanation }) {
  const { person, object, allowed, reason, remedy, ways, asOf } = answer;
  return (
    <>
      <div class="card-body">
        <div class={`notice ${allowed ? 'good' : 'bad'} verdict`} role="status">
          {allowed ? <CheckIcon /> : <WarningIcon />}
          <div>
            <strong>
              {person.name} {allowed ? 'comes to' : 'does not come to'} {object}
            </strong>
            <span>{reason}</span>
            {remedy !== null && <span>What is missing: {remedy}</span>}
            <small class="dim">
              As of <Time at={asOf} clock />
            </small>
          </div>
        </div>
      </div>
      {ways.length > 0 && <Ways ways={ways} />}
    </>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly list?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

const Field = ({ id, label, onValue, ...input }: FieldProps) => (
  <div class="field grow">
    <label for={id}>{label}</label>
    <input
      {...input}
      id={id}
      type="text"
      class="input"
      required
      autocomplete="off"
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  </div>
);

/** Through which group, role and schema somebody comes to an object; else what is missing and who may grant it. */
export function RightsWhy({ objects }: { objects: readonly string[] }) {
  const [person, setPerson] = useState('');
  const [object, setObject] = useState('');
  const [answer, setAnswer] = useState<RightsExplanation>();
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const explain = () => {
    setBusy(true);
    setProblem(undefined);
    setAnswer(undefined);
    ask((api) =>
      api.POST('/operations/rights/why', { body: { person: person.trim(), object: object.trim() } }),
    )
      .then(setAnswer, (error: unknown) => setProblem(asApiError(error)))
      .finally(() => setBusy(false));
  };
  return (
    <section class="card" aria-label="Why somebody may">
      <div class="card-body">
        <h2>Why somebody may, or may not</h2>
        <form
          class="hub-form"
          aria-label="Why somebody may"
          onSubmit={(event) => {
            event.preventDefault();
            explain();
          }}
        >
          <Field
            {...{ id: 'why-person', label: 'Person', value: person, onValue: setPerson }}
            placeholder="Name, sign-in name or roles"
          />
          <Field
            {...{ id: 'why-object', label: 'Object', value: object, onValue: setObject, list: 'why-objects' }}
            placeholder="sales.products"
          />
          <datalist id="why-objects">
            {objects.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <button class="button primary" disabled={busy}>
            {busy ? 'Explaining …' : 'Explain'}
          </button>
        </form>
        {problem && <Failure problem={problem} onRetry={problem.status >= 500 ? explain : undefined} />}
        {!busy && !problem && !answer && (
          <p class="dim">
            A person of the directory, or application roles such as Sales,Analytics; and a view, procedure or
            table of the database.
          </p>
        )}
      </div>
      {busy && <Loading rows={3} label="Explaining" />}
      {answer && <Answer answer={answer} />}
    </section>
  );
}
