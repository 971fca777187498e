import { useEffect, useState } from 'preact/hooks';
import type { Image } from '../../../../client/api-types.ts';
import { variantOf } from '../../../../client/image.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { formatBytes } from '../../ui/format.ts';
import { BackIcon, DownloadIcon, NextIcon, TrashIcon } from '../../ui/icons.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { BlurhashCanvas } from './blurhash-canvas.tsx';
import { erasedIds, eraseLater, erasingOf } from './erasing.ts';
import { getImage } from './get-image.ts';
import { endingOf, imageName, imageTitle, shortId } from './image-name.ts';
import { Receipt } from './receipt.tsx';
import { receiptIn } from './receipts.ts';
import { StatusBadge } from './status.tsx';
import type { Selecting } from './use-selection.ts';
import { Held } from './work-panel.tsx';

interface LightboxProps {
  /** The gallery's; what is erased meanwhile stays here, with its receipt. */
  readonly images: readonly Image[];
  readonly start: string;
  readonly selecting: Selecting;
  readonly onMore: () => void;
  readonly onClose: () => void;
}

/** Asks until the log has signed it. */
function ErasedImage({ id }: { id: string }) {
  const [isSigned, setSigned] = useState(false);
  const { problem, reload } = useRemote(id, () => getImage(id), isSigned ? {} : { every: 2000 });
  const receipt = receiptIn(problem);
  useEffect(() => setSigned(receipt?.status === 'complete'), [receipt?.status]);
  if (receipt) return <Receipt receipt={receipt} />;
  return problem ? <Failure problem={problem} onRetry={reload} /> : <Loading rows={4} />;
}

function Picture({ image }: { image: Image }) {
  const web = variantOf(image, 'web') ?? variantOf(image, 'preview');
  const hash = image.facts['blurhash'];
  return (
    <figure class="big-picture">
      {typeof hash === 'string' && <BlurhashCanvas hash={hash} />}
      {web && (
        <img key={image.id} src={web.url} width={web.width} height={web.height} alt={imageTitle(image)} />
      )}
      {!web && <p class="picture-note">{image.failure?.message ?? 'Being processed.'}</p>}
    </figure>
  );
}

/** The images in the order in which the gallery had them, with those that it has read since behind them. */
function useShown(images: readonly Image[]): readonly Image[] {
  const [shown, setShown] = useState(images);
  useEffect(() => {
    const now = new Map(images.map((image) => [image.id, image]));
    setShown((before) => {
      const known = new Set(before.map(({ id }) => id));
      return [
        ...before.map((image) => now.get(image.id) ?? image),
        ...images.filter(({ id }) => !known.has(id)),
      ];
    });
  }, [images]);
  return shown;
}

/** One image after the other, large: arrows and Home and End go on, Space chooses, Delete erases, Escape closes. */
export function Lightbox({ images, start, selecting, onMore, onClose }: LightboxProps) {
  const shown = useShown(images);
  const [id, setId] = useState(start);
  const at = Math.max(
    0,
    shown.findIndex((one) => one.id === id),
  );
  const image = shown[at]!;
  const go = (to: number) => {
    const next = shown[Math.min(Math.max(to, 0), shown.length - 1)]!;
    setId(next.id);
    if (to >= shown.length - 3) onMore();
  };
  const erasing = erasingOf(id);
  const isErased = erasedIds.value.has(id);
  const isChosen = selecting.selection.has(id);
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(at - 1),
    ArrowRight: () => go(at + 1),
    Home: () => go(0),
    End: () => go(shown.length - 1),
    ' ': () => selecting.toggle(image),
    Delete: () => eraseLater([image]),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isOnButton = event.target instanceof HTMLElement && event.target.matches('button, a, input');
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (!act || (event.key === ' ' && isOnButton) || (isErased && [' ', 'Delete'].includes(event.key)))
      return;
    event.preventDefault();
    act();
  };
  useEffect(() => {
    // The neighbours are there when somebody goes on.
    for (const near of [shown[at + 1], shown[at - 1]]) {
      const web = near && (variantOf(near, 'web') ?? variantOf(near, 'preview'));
      if (web) document.createElement('img').src = web.url;
    }
  }, [at]);
  const { raw } = image.links;
  return (
    <div class="lightbox" onKeyDown={onKeyDown}>
      <Dialog
        title={imageTitle(image)}
        onClose={onClose}
        full
        footer={
          <>
            <span class="lightbox-place dim" role="status">
              {at + 1} of {shown.length}
            </span>
            <button class="button icon" aria-label="Previous" disabled={at === 0} onClick={() => go(at - 1)}>
              <BackIcon />
            </button>
            <button
              class="button icon"
              aria-label="Next"
              disabled={at === shown.length - 1}
              onClick={() => go(at + 1)}
            >
              <NextIcon />
            </button>
            <span class="grow" />
            {!isErased && (
              <>
                <a class="button" href={`/images/${id}`}>
                  Details
                </a>
                {raw !== undefined && (
                  <a
                    class="button"
                    href={raw}
                    download={image.fileName ?? `${shortId(id)}.${endingOf(image.contentType)}`}
                  >
                    <DownloadIcon /> Original
                  </a>
                )}
                <button class="button" aria-pressed={isChosen} onClick={() => selecting.toggle(image)}>
                  {isChosen ? 'Chosen' : 'Choose'}
                </button>
                <button
                  class="button danger"
                  disabled={erasing !== undefined}
                  onClick={() => eraseLater([image])}
                >
                  <TrashIcon /> Erase
                </button>
              </>
            )}
          </>
        }
      >
        {isErased ? (
          <ErasedImage key={id} id={id} />
        ) : (
          <>
            <Picture image={image} />
            <p class="lightbox-line">
              {erasing?.state.value === 'held' ? (
                <Held erasing={erasing} />
              ) : (
                <>
                  <StatusBadge image={image} />
                  <span class="dim">
                    {image.width !== null && `${image.width} × ${image.height}, `}
                    {image.bytes !== null && formatBytes(image.bytes)}
                    {erasing && ` · ${imageName(image)} is being erased …`}
                  </span>
                </>
              )}
            </p>
          </>
        )}
      </Dialog>
    </div>
  );
}
