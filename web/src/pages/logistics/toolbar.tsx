import type { Ref } from 'preact';
import type { OrderStatus } from '../../../../client/api-types.ts';
import { addDays, today } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import type { Span } from './daily.tsx';

export interface View {
  readonly day: string;
  readonly status: OrderStatus | 'all';
  readonly sort: 'weight' | 'placed';
  /** Days of the figures below the list. */
  readonly span: Span;
}

export const statuses = [
  ['pending', 'To pack'],
  ['completed', 'Done'],
  ['cancelled', 'Cancelled'],
  ['all', 'All'],
] as const;

const sorts = [
  ['weight', 'Heaviest first'],
  ['placed', 'Oldest first'],
] as const;

interface ToolbarProps {
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly find: string;
  readonly onFind: (text: string) => void;
  readonly onJump: (number: string) => void;
  readonly findRef: Ref<HTMLInputElement>;
}

function DayPicker({ day, onDay }: { day: string; onDay: (day: string) => void }) {
  return (
    <div class="field">
      <label for="order-day">Day (UTC)</label>
      <div class="day-picker">
        <button class="button" aria-label="The day before" onClick={() => onDay(addDays(day, -1))}>
          ‹
        </button>
        <input
          id="order-day"
          class="input"
          type="date"
          required
          value={day}
          onChange={(event) => {
            if (event.currentTarget.value !== '') onDay(event.currentTarget.value);
          }}
        />
        <button class="button" aria-label="The day after" onClick={() => onDay(addDays(day, 1))}>
          ›
        </button>
        <button class="button" disabled={day === today()} onClick={() => onDay(today())}>
          Today
        </button>
      </div>
    </div>
  );
}

export function Toolbar({ view, onView, find, onFind, onJump, findRef }: ToolbarProps) {
  return (
    <div class="toolbar">
      <DayPicker day={view.day} onDay={(day) => onView({ ...view, day })} />
      <Segmented
        label="Show"
        options={statuses}
        value={view.status}
        onChange={(status) => onView({ ...view, status })}
      />
      <Segmented
        label="Order by"
        options={sorts}
        value={view.sort}
        onChange={(sort) => onView({ ...view, sort })}
      />
      <form
        class="field grow"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          onJump(find);
        }}
      >
        <label for="order-find">Order number</label>
        <input
          id="order-find"
          ref={findRef}
          class="input"
          inputMode="numeric"
          autocomplete="off"
          placeholder="Scan or type, then Enter"
          value={find}
          onInput={(event) => onFind(event.currentTarget.value)}
        />
      </form>
    </div>
  );
}
