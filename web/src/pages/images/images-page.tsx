import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import type { ImageStatus } from '../../../../client/api-types.ts';
import type { Person } from '../../session/session.ts';
import { plural } from '../../ui/format.ts';
import { PhotoIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { AsOf, Empty, Failure } from '../../ui/states.tsx';
import { DropZone } from './drop-zone.tsx';
import { erasedIds } from './erasing.ts';
import { GalleryGrid } from './gallery-grid.tsx';
import { useGallery } from './gallery.ts';
import './images.css';
import { statusNames } from './status.tsx';
import { LastDayNotice } from './last-day.tsx';
import { Lightbox } from './lightbox.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { UnfinishedNotice } from './unfinished.tsx';
import { arrivals, rememberDigests, uploadsOf } from './uploads.ts';
import { useSelection } from './use-selection.ts';

const imageStatuses = Object.keys(statusNames) as ImageStatus[];

const asStatus = (text: string | undefined): ImageStatus | undefined =>
  imageStatuses.find((status) => status === text);

function StatusFilter({ chosen, onChoose }: { chosen: string; onChoose: (status: string) => void }) {
  return (
    <div class="field">
      <label for="image-status">Show</label>
      <select
        id="image-status"
        class="input"
        value={chosen}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        <option value="">All images</option>
        {imageStatuses.map((status) => (
          <option key={status} value={status}>
            {statusNames[status]}
          </option>
        ))}
      </select>
    </div>
  );
}

const Placeholders = () => (
  <div class="grid-placeholders" role="status" aria-label="Loading images">
    {Array.from({ length: 12 }, (_, index) => (
      <div key={index} class="skeleton" />
    ))}
  </div>
);

const addressOf = (status: string | undefined): string =>
  status === undefined || status === '' ? '/images' : `/images?status=${status}`;

interface ImagesPageProps {
  readonly person: Person;
  /** Of its own address: while the next page is being fetched, the window's is another already. */
  readonly query: Readonly<Record<string, string>>;
}

export default function ImagesPage({ person, query }: ImagesPageProps) {
  const { route, wasPush } = useLocation() as ReturnType<typeof useLocation> & { readonly wasPush: boolean };
  const status = asStatus(query['status']);
  const uploader = person.roles.includes('Uploader');
  const { queue, known } = uploadsOf(person.id);
  const shown = { status, address: addressOf(status), isNewVisit: wasPush };
  const gallery = useGallery(shown, arrivals.value, (images) => {
    if (uploader) rememberDigests(known, images);
  });
  const { readAt, problem } = gallery;
  const images = gallery.images.filter(({ id }) => !erasedIds.value.has(id));
  const selecting = useSelection(images, status ?? '');
  const [open, setOpen] = useState<string>();
  const [isChoosing, setChoosing] = useState(false);
  const chooseAll = async () => {
    setChoosing(true);
    const all = await gallery.loadAll();
    selecting.add((all ?? []).filter(({ id }) => !erasedIds.value.has(id)));
    setChoosing(false);
  };
  const inQueue = queue.entries.value.map(({ file }) => file.name);
  return (
    <Page
      title="Images"
      lead={uploader ? 'Your photos of the last seven days' : 'Everybody’s photos of the last seven days'}
      aside={<AsOf at={readAt} problem={problem} onRefresh={() => void gallery.refresh()} />}
    >
      {uploader && (
        <DropZone
          onFiles={(files) => queue.add(files)}
          onOthers={(files) => queue.refuse(files, 'It is no photo of a kind that is processed.')}
          onUnread={(names) =>
            queue.refuse(
              names.map((name) => new File([], name)),
              'It could not be read: look at its permissions, and whether it is still there.',
            )
          }
        />
      )}
      {uploader && <UnfinishedNotice personId={person.id} inQueue={inQueue} />}
      {uploader && <LastDayNotice personId={person.id} />}
      <section class="gallery" aria-label="Gallery">
        <div class="toolbar">
          <StatusFilter chosen={status ?? ''} onChoose={(chosen) => route(addressOf(chosen), true)} />
          {readAt !== undefined && (
            <span class="dim gallery-count">
              {plural(images.length, 'image', 'images')}
              {gallery.next !== null && ', more below'}
            </span>
          )}
          {images.length > 0 && (
            <button class="button" disabled={isChoosing} onClick={() => void chooseAll()}>
              {isChoosing ? 'Reading all …' : 'Choose all'}
            </button>
          )}
        </div>
        {problem && readAt === undefined && (
          <Failure problem={problem} onRetry={() => void gallery.refresh()} />
        )}
        {!problem && readAt === undefined && <Placeholders />}
        {readAt !== undefined && images.length === 0 && (
          <Empty icon={<PhotoIcon />} title={status ? 'No image has this status' : 'No images yet'}>
            {uploader && !status && 'Drop some photos here, or choose files above.'}
          </Empty>
        )}
        {images.length > 0 && (
          <GalleryGrid
            images={images}
            hasMore={gallery.next !== null}
            selecting={selecting}
            onMore={() => void gallery.loadMore()}
            onAll={() => void chooseAll()}
            onOpen={setOpen}
            onExpired={(id) => void gallery.renewImage(id)}
          />
        )}
      </section>
      <SelectionBar selecting={selecting} />
      {open !== undefined && (
        <Lightbox
          images={images}
          start={open}
          selecting={selecting}
          onMore={() => void gallery.loadMore()}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  );
}
