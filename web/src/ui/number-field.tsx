import { useId } from 'preact/hooks';
import { readDecimal } from './read-decimal.ts';

interface NumberFieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** Decimal places at most. */
  readonly places: number;
  /** Of the number: the company's currency, or `kg`. */
  readonly unit: () => string;
  /** A decimal of the API as it is shown elsewhere, with its unit. */
  readonly format: (value: string) => string;
  readonly issue: string | undefined;
  readonly onInput: (value: string) => void;
  /** One of the two numbers that the text may mean was chosen. */
  readonly onChoose: (value: string) => void;
}

/** A number in the viewer's locale that says what it understood, and asks where that could be two numbers. */
export function NumberField(props: NumberFieldProps) {
  const { name, label, value, places, unit, format, issue, onInput, onChoose } = props;
  const id = useId();
  const read = value.trim() === '' ? undefined : readDecimal(value, places, unit());
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        class="input"
        autocomplete="off"
        inputMode="decimal"
        value={value}
        aria-describedby={`${id}-read${issue === undefined ? '' : ` ${id}-issue`}`}
        {...(issue !== undefined && { 'aria-invalid': true })}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <span class="field-read" id={`${id}-read`} role="status">
        {read && 'value' in read && <>Understood as {format(read.value)}</>}
        {read && 'choices' in read && (
          <span class="toolbar">
            Which is meant?
            {read.choices.map((choice) => (
              <button key={choice} type="button" class="button quiet" onClick={() => onChoose(choice)}>
                {format(choice)}
              </button>
            ))}
          </span>
        )}
      </span>
      {issue !== undefined && (
        <span class="field-error" id={`${id}-issue`}>
          {issue}
        </span>
      )}
    </div>
  );
}
