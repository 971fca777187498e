import { useState } from 'preact/hooks';
import type { paths } from '../../../../client/api-types.ts';
import { hubNames } from './hub-names.ts';

export type EventQuery = NonNullable<paths['/operations/events']['get']['parameters']['query']>;

const starts = [
  ['end', 'From the end'],
  ['start', 'From the beginning'],
  ['sequenceNumber', 'From an offset of Kafka'],
  ['offset', 'From an offset of Event Hubs'],
  ['time', 'From a time'],
] as const;
type Start = (typeof starts)[number][0];

const filters = [
  ['key', 'Key'],
  ['owner', 'Owner'],
  ['header', 'Header or NAME=VALUE'],
  ['type', 'CloudEvents type'],
  ['ceId', 'CloudEvents id'],
  ['imageId', 'Image'],
  ['minBytes', 'At least bytes'],
  ['maxBytes', 'At most bytes'],
] as const;

function placeOf(start: Start, value: string): EventQuery {
  switch (start) {
    case 'end':
    case 'start':
      return { from: start };
    case 'offset':
      return { offset: value };
    case 'sequenceNumber':
      return { sequenceNumber: Number(value) };
    case 'time':
      return { time: new Date(value).toISOString() };
  }
}

/** What of the form goes to the API: fields that are empty do not matter. */
function queryOf(form: HTMLFormElement, start: Start): EventQuery {
  const data = new FormData(form);
  const text = (name: string): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const given = ['partition', ...filters.map(([name]) => name)].flatMap((name) =>
    text(name) === '' ? [] : [[name, text(name)]],
  );
  return {
    hub: text('hub') as (typeof hubNames)[number],
    ...(Object.fromEntries(given) as EventQuery),
    ...placeOf(start, text('place')),
  };
}

/** Which events of which hub. */
export function HubForm({ busy, onLook }: { busy: boolean; onLook: (query: EventQuery) => void }) {
  const [start, setStart] = useState<Start>('end');
  return (
    <form
      class="hub-form"
      aria-label="Which events"
      onSubmit={(event) => {
        event.preventDefault();
        onLook(queryOf(event.currentTarget, start));
      }}
    >
      <div class="field">
        <label for="hub-name">Hub</label>
        <select id="hub-name" name="hub" class="input">
          {hubNames.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="hub-partition">Partition, empty for all</label>
        <input id="hub-partition" name="partition" class="input" inputMode="numeric" pattern="\d{1,5}" />
      </div>
      <div class="field">
        <label for="hub-start">Begin</label>
        <select
          id="hub-start"
          class="input"
          value={start}
          onChange={(event) => setStart(event.currentTarget.value as Start)}
        >
          {starts.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </div>
      {start !== 'end' && start !== 'start' && (
        <div class="field">
          <label for="hub-place">{start === 'time' ? 'Time (yours)' : 'Number'}</label>
          <input
            id="hub-place"
            name="place"
            class="input"
            required
            {...(start === 'time' ? { type: 'datetime-local', step: 1 } : { pattern: '\\d{1,20}' })}
          />
        </div>
      )}
      {filters.map(([name, text]) => (
        <div key={name} class="field">
          <label for={`hub-${name}`}>{text}</label>
          <input id={`hub-${name}`} name={name} class="input" autocomplete="off" />
        </div>
      ))}
      <button class="button primary" disabled={busy}>
        {busy ? 'Looking …' : 'Look'}
      </button>
    </form>
  );
}
