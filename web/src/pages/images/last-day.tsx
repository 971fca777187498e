import { ask } from '../../api/client.ts';
import { plural } from '../../ui/format.ts';
import { TimeLeft, useNow } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';

const limit = 200;

/** Tells uploaders a day before their images go, with the originals to keep. */
export function LastDayNotice({ personId }: { personId: string }) {
  const now = useNow(30_000);
  const query = { owner: personId, dueWithinHours: 24, limit };
  const { data } = useRemote(personId, () => ask((api) => api.GET('/images', { params: { query } })), {
    every: 300_000,
  });
  const images = data?.images ?? [];
  // Newest first: the last of a whole page is the first that goes, where there are no more pages.
  const first = data?.next === null ? images.at(-1) : undefined;
  if (images.length === 0) return null;
  const count = plural(images.length, 'image is', 'images are');
  return (
    <section class="notice warn" aria-label="Erased within a day">
      <div>
        <strong>
          {data?.next === null ? '' : 'More than '}
          {count} erased within a day
        </strong>
        <span>
          {first && (
            <>
              The first in <TimeLeft until={first.deleteAt} now={now} />.{' '}
            </>
          )}
          Save what you want to keep: nobody can bring it back.
        </span>
        <details>
          <summary>Originals to save</summary>
          <ul class="plain-list">
            {images.map(({ id, links }) => (
              <li key={id}>
                {links.raw === undefined ? (
                  <span class="dim">{id.slice(0, 8)} has no file</span>
                ) : (
                  <a href={links.raw} download>
                    {id.slice(0, 8)}
                  </a>
                )}
              </li>
            ))}
          </ul>
        </details>
      </div>
    </section>
  );
}
