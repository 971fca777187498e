/** How many of the leading ones are drawn; the table beside them has all. */
const drawn = 10;

interface RankedBarsProps {
  readonly label: string;
  readonly bars: readonly {
    readonly key: string;
    readonly name: string;
    readonly size: number;
    readonly text: string;
  }[];
}

/** Things by their size, the largest first. */
export function RankedBars({ label, bars }: RankedBarsProps) {
  const sorted = bars.toSorted((a, b) => b.size - a.size);
  const largest = sorted[0]?.size || 1;
  return (
    <figure class="ranked" aria-label={label}>
      <ol>
        {sorted.slice(0, drawn).map(({ key, name, size, text }) => (
          <li key={key}>
            <bdi class="ranked-name">{name}</bdi>
            <span class="ranked-text">{text}</span>
            <span class="ranked-bar" style={{ width: `${Math.max(0.5, (size / largest) * 100)}%` }} />
          </li>
        ))}
      </ol>
      {sorted.length > drawn && (
        <figcaption class="dim">
          The {drawn} largest of {sorted.length}
        </figcaption>
      )}
    </figure>
  );
}
