import type { DayRange } from '../../../../client/api-types.ts';
import { addDays, today } from '../../ui/format.ts';

const presets = [
  [7, '7 days'],
  [30, '30 days'],
  [90, '90 days'],
  [365, 'Year'],
] as const;

export const lastDays = (count: number): DayRange => ({ from: addDays(today(), 1 - count), to: today() });

interface PickerProps {
  readonly range: DayRange;
  readonly onRange: (range: DayRange) => void;
}

/** A range of days of UTC, both included: one of the usual ones, or any. */
export function RangePicker({ range, onRange }: PickerProps) {
  const field = (name: keyof DayRange, label: string) => (
    <div class="field">
      <label for={`range-${name}`}>{label}</label>
      <input
        id={`range-${name}`}
        class="input"
        type="date"
        required
        value={range[name]}
        {...(name === 'from' ? { max: range.to } : { min: range.from })}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value !== '') onRange({ ...range, [name]: value });
        }}
      />
    </div>
  );
  return (
    <div class="range">
      {field('from', 'From (UTC)')}
      {field('to', 'To')}
      <div class="presets" role="group" aria-label="Usual ranges">
        {presets.map(([count, name]) => {
          const preset = lastDays(count);
          const chosen = preset.from === range.from && preset.to === range.to;
          return (
            <button key={count} class="button" aria-pressed={chosen} onClick={() => onRange(preset)}>
              {name}
            </button>
          );
        })}
      </div>
    </div>
  );
}
