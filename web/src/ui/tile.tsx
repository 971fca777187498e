import type { ComponentChildren } from 'preact';

/** One figure with its name. */
export const Tile = ({
  label,
  children,
  note,
}: {
  label: string;
  children: ComponentChildren;
  note?: ComponentChildren;
}) => (
  <div class="card tile">
    <span class="label">{label}</span>
    <span class="value">{children}</span>
    {note !== undefined && <small>{note}</small>}
  </div>
);
