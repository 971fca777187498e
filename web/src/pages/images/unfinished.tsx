import { useState } from 'preact/hooks';
import { formatBytes } from '../../ui/format.ts';
import { forgetUnfinished, unfinishedUploads } from './uploads.ts';

/** What an earlier visit left unfinished: the browser may not read a file again unless it is given again. */
export function UnfinishedNotice({ personId, inQueue }: { personId: string; inQueue: readonly string[] }) {
  const [, again] = useState(0);
  const left = unfinishedUploads(personId).filter(({ name }) => !inQueue.includes(name));
  if (left.length === 0) return null;
  return (
    <section class="notice warn" aria-label="Unfinished uploads">
      <div>
        <strong>Not finished on an earlier visit</strong>
        <span>Choose or drop the same files again: they go on where they stopped.</span>
        <ul class="plain-list">
          {left.map((one) => (
            <li key={one.storageKey}>
              {one.name}
              {one.bytes !== null && <span class="dim"> ({formatBytes(one.bytes)})</span>}
            </li>
          ))}
        </ul>
      </div>
      <button
        class="button"
        onClick={() => {
          left.forEach(forgetUnfinished);
          again((n) => n + 1);
        }}
      >
        Forget them
      </button>
    </section>
  );
}
