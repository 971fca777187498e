interface ReasonFieldProps {
  readonly id: string;
  readonly value: string;
  readonly onReason: (reason: string) => void;
}

/** Asks why something is done; it is recorded with who did it. */
export const ReasonField = ({ id, value, onReason }: ReasonFieldProps) => (
  <div class="field">
    <label for={id}>Why; this is recorded with your name</label>
    <input
      id={id}
      class="input"
      required
      maxLength={500}
      autocomplete="off"
      value={value}
      onInput={(event) => onReason(event.currentTarget.value)}
    />
  </div>
);
