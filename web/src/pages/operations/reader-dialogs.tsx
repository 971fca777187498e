import { useState } from 'preact/hooks';
import type { Reader, ReaderResults } from '../../../../client/api-types.ts';
import type { Api, ApiCall } from '../../../../client/api.ts';
import { ask } from '../../api/client.ts';
import { ChangeDialog, type ChangeAnswer } from './change-dialog.tsx';

export interface DialogProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** What every change says of its reason: without one it is a dry run. */
export const why = (reason?: string) => (reason === undefined ? { dryRun: true } : { dryRun: false, reason });

async function changed(question: (api: Api) => ApiCall<ReaderResults>): Promise<ChangeAnswer> {
  const { results } = await ask(question);
  return {
    results: results.map(({ hub, outcome, detail }) => ({
      ...{ name: hub, changes: outcome === 'changed', detail },
    })),
  };
}

type HubName = 'image-stream';
const hubsOf = (hubs: readonly string[]) => ({ hubs: [...hubs] as HubName[] });

const reminders = [
  [15, '15 minutes'],
  [60, 'an hour'],
  [240, '4 hours'],
  [720, '12 hours'],
] as const;

export function PauseDialog({ hubs, ...rest }: DialogProps & { hubs: readonly string[] }) {
  const [minutes, setMinutes] = useState(60);
  const body = (reason?: string) => ({
    ...hubsOf(hubs),
    remindAfterMinutes: minutes,
    ...why(reason),
  });
  return (
    <ChangeDialog
      title={hubs.length === 1 ? `Pause the reader of ${hubs[0]!}` : 'Pause all readers'}
      verb="Pause"
      asked={`${hubs.join()}.${minutes}`}
      act={(reason) => changed((api) => api.POST('/operations/readers/pause', { body: body(reason) }))}
      {...rest}
    >
      <div class="field">
        <label for="remind-after">Remind when it is paused for longer than</label>
        <select
          id="remind-after"
          class="input"
          value={minutes}
          onChange={(event) => setMinutes(Number(event.currentTarget.value))}
        >
          {reminders.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </div>
    </ChangeDialog>
  );
}

export const ResumeDialog = ({ hubs, ...rest }: DialogProps & { hubs: readonly string[] }) => (
  <ChangeDialog
    title={hubs.length === 1 ? `Resume the reader of ${hubs[0]!}` : 'Resume all readers'}
    verb="Resume"
    asked={hubs.join()}
    act={(reason) =>
      changed((api) => api.POST('/operations/readers/resume', { body: { ...hubsOf(hubs), ...why(reason) } }))
    }
    {...rest}
  />
);

export const StopDialog = (props: DialogProps) => (
  <ChangeDialog
    title="Stop the bulk re-run"
    verb="Stop"
    asked="rerun"
    act={(reason) => changed((api) => api.POST('/operations/reprocess/stop', { body: why(reason) }))}
    {...props}
  />
);

const numberField = (id: string, text: string, value: number, set: (value: number) => void) => (
  <div class="field">
    <label for={id}>{text}</label>
    <input
      id={id}
      class="input"
      type="number"
      min={1}
      value={value}
      onInput={(event) => set(Math.max(1, Math.round(event.currentTarget.valueAsNumber) || 1))}
    />
  </div>
);

export function LimitDialog({ reader, ...rest }: DialogProps & { reader: Reader }) {
  const [isOn, setOn] = useState(reader.limit !== null);
  const [deadLetters, setDeadLetters] = useState(reader.limit?.deadLetters ?? 50);
  const [minutes, setMinutes] = useState(reader.limit?.minutes ?? 10);
  const body = (reason?: string) => ({
    ...{ hub: reader.hub as HubName, deadLetters: isOn ? deadLetters : null, minutes },
    ...why(reason),
  });
  return (
    <ChangeDialog
      title={`What pauses the reader of ${reader.hub}`}
      verb="Set"
      asked={`${reader.hub}.${isOn}.${deadLetters}.${minutes}`}
      act={(reason) => changed((api) => api.POST('/operations/readers/limit', { body: body(reason) }))}
      {...rest}
    >
      <label class="tick">
        <input type="checkbox" checked={isOn} onChange={(event) => setOn(event.currentTarget.checked)} />
        Dead letters of one code pause it
      </label>
      {isOn && (
        <div>
          {numberField('limit-letters', 'More dead letters of one code than', deadLetters, setDeadLetters)}
          {numberField('limit-minutes', 'Within minutes', minutes, setMinutes)}
        </div>
      )}
    </ChangeDialog>
  );
}
