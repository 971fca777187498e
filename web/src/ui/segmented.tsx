import { useId } from 'preact/hooks';

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly options: readonly (readonly [value: T, name: string])[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of a few, all of them in sight: radio buttons that look like one control. */
export function Segmented<T extends string>({ label, options, value, onChange }: SegmentedProps<T>) {
  const name = useId();
  return (
    <div class="field">
      <span class="label" id={`${name}-label`}>
        {label}
      </span>
      <div class="segmented" role="radiogroup" aria-labelledby={`${name}-label`}>
        {options.map(([one, text]) => (
          <label key={one}>
            <input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </div>
  );
}
