import { ask } from '../../api/client.ts';
import type { Image } from '../../../../client/api-types.ts';
import { toast } from '../../ui/announce.tsx';
import { plural, today } from '../../ui/format.ts';
import { DownloadIcon } from '../../ui/icons.tsx';
import { TimeLeft, useNow } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { asApiError } from '../../../../client/api-error.ts';
import { imageName } from './image-name.ts';
import { saveZip } from './save-zip.ts';

const limit = 200;
const noticeHours = 24;

/** Of one uploader, those that go within a day, newest first. */
const listDue = (owner: string, cursor?: string) => {
  const query = { owner, dueWithinHours: noticeHours, limit, ...(cursor !== undefined && { cursor }) };
  return ask((api) => api.GET('/images', { params: { query } }));
};

/** All of them as a ZIP, those that go first at its beginning. */
async function saveAllDue(owner: string): Promise<void> {
  const due: Image[] = [];
  for (let page = await listDue(owner); ; page = await listDue(owner, page.next)) {
    due.push(...page.images);
    if (page.next === null) break;
  }
  saveZip(due.reverse(), `darkroom-last-day-${today()}.zip`);
}

/** Tells uploaders a day before their images go, with the originals to keep. */
export function LastDayNotice({ personId }: { personId: string }) {
  const now = useNow(30_000);
  const { data } = useRemote(personId, () => listDue(personId), { every: 300_000 });
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
            {images.map(({ id, fileName, links }) => (
              <li key={id}>
                {links.raw === undefined ? (
                  <span class="dim">{imageName({ id, fileName })} has no file</span>
                ) : (
                  <a href={links.raw} download>
                    <bdi>{imageName({ id, fileName })}</bdi>
                  </a>
                )}
              </li>
            ))}
          </ul>
        </details>
      </div>
      <button
        class="button primary"
        onClick={() => void saveAllDue(personId).catch((error: unknown) => toast(asApiError(error).message))}
      >
        <DownloadIcon /> Save all as ZIP
      </button>
    </section>
  );
}
