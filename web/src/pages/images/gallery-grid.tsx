import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Image } from '../../../../client/api-types.ts';
import { variantOf } from '../../../../client/image.ts';
import { TimeLeft, useNow } from '../../ui/time.tsx';
import { useWindowRows } from '../../ui/use-window-rows.ts';
import { BlurhashCanvas } from './blurhash-canvas.tsx';
import { erasingOf } from './erasing.ts';
import { onGridKey } from './grid-keys.ts';
import { imageName, imageTitle } from './image-name.ts';
import { doorName, StatusBadge, statusNames } from './status.tsx';
import type { Selecting } from './use-selection.ts';

/** Width that a tile has at least, the gap between tiles, and the height of the lines below its picture, in pixels. */
const tile: { readonly least: number; readonly gap: number; readonly lines: number } = {
  least: 156,
  gap: 14,
  lines: 86,
};

interface TileProps {
  readonly image: Image;
  readonly now: number;
  readonly isChosen: boolean;
  readonly isErasing: boolean;
  readonly onExpired: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onChoose: (image: Image, isRange: boolean) => void;
}

function Picture({ image, onExpired }: Pick<TileProps, 'image' | 'onExpired'>) {
  const [shown, setShown] = useState(false);
  const thumbnail = variantOf(image, 'thumbnail');
  const hash = image.facts['blurhash'];
  return (
    <span class="picture">
      {typeof hash === 'string' && <BlurhashCanvas hash={hash} />}
      {thumbnail && (
        <img
          src={thumbnail.url}
          width={thumbnail.width}
          height={thumbnail.height}
          alt=""
          decoding="async"
          class={shown ? 'shown' : ''}
          onLoad={() => setShown(true)}
          onError={() => onExpired(image.id)}
        />
      )}
      {!thumbnail && image.failure && <span class="picture-note">{image.failure.message}</span>}
    </span>
  );
}

/** A click opens it large, with Shift it chooses all up to here; any other is the browser's: a tab of its own, or a copy. */
function Tile({ image, now, isChosen, isErasing, onExpired, onOpen, onChoose }: TileProps) {
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) onChoose(image, true);
    else onOpen(image.id);
  };
  const state = isErasing ? 'will be erased' : statusNames[image.status];
  return (
    <>
      <a
        class="tile-link"
        href={`/images/${image.id}`}
        aria-label={`${imageTitle(image)}, ${state}${isChosen ? ', chosen' : ''}`}
        onClick={open}
      >
        <Picture image={image} onExpired={onExpired} />
        <span class="tile-lines">
          <bdi class="tile-name" title={imageName(image)}>
            {imageName(image)}
          </bdi>
          <StatusBadge image={image} />
          <small class="dim">{doorName(image.source)}</small>
          <small class="dim tile-left">
            {isErasing ? 'Will be erased' : <TimeLeft until={image.deleteAt} now={now} />}
            {!isErasing && ' left'}
          </small>
        </span>
      </a>
      <label class="tile-choose">
        <input
          type="checkbox"
          checked={isChosen}
          aria-label={`Choose ${imageTitle(image)}`}
          onClick={(event) => onChoose(image, event.shiftKey)}
        />
      </label>
    </>
  );
}

interface ItemProps extends TileProps {
  readonly place: number;
  /** -1 while nobody knows. */
  readonly of: number;
  readonly width: number;
  readonly left: number;
  readonly top: number;
}

/** A tile in its place. Scrolling changes neither, so the tile is drawn once and not with every frame. */
function Item({ place, of, width, left, top, onExpired, onOpen, onChoose, ...shown }: ItemProps) {
  const latest = useRef({ onExpired, onOpen, onChoose });
  latest.current = { onExpired, onOpen, onChoose };
  const { image, now, isChosen, isErasing } = shown;
  return useMemo(
    () => (
      <div
        role="listitem"
        class={`grid-item${isChosen ? ' chosen' : ''}${isErasing ? ' erasing' : ''}`}
        aria-setsize={of}
        aria-posinset={place}
        style={{ width: `${width}px`, transform: `translate(${left}px, ${top}px)` }}
      >
        <Tile
          {...shown}
          onExpired={(id) => latest.current.onExpired(id)}
          onOpen={(id) => latest.current.onOpen(id)}
          onChoose={(one, isRange) => latest.current.onChoose(one, isRange)}
        />
      </div>
    ),
    [image, now, isChosen, isErasing, place, of, width, left, top],
  );
}

interface GridProps {
  readonly images: readonly Image[];
  readonly hasMore: boolean;
  readonly selecting: Selecting;
  readonly onMore: () => void;
  readonly onAll: () => void;
  readonly onOpen: (id: string) => void;
  readonly onExpired: (id: string) => void;
}

/** Columns that fit, the width each gets, and where the grid begins on the page. */
function useMeasure() {
  const box = useRef<HTMLDivElement>(null);
  const [measured, setMeasured] = useState({ columns: 1, width: tile.least, top: 0 });
  useLayoutEffect(() => {
    const node = box.current;
    if (!node) return;
    const measure = () => {
      const { width, top } = node.getBoundingClientRect();
      const columns = Math.max(2, Math.floor((width + tile.gap) / (tile.least + tile.gap)));
      setMeasured({
        columns,
        width: (width - tile.gap * (columns - 1)) / columns,
        top: top + window.scrollY,
      });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  return { box, ...measured };
}

/** Thousands of images, of which the document holds those in sight. */
export function GalleryGrid({ images, hasMore, selecting, onMore, onAll, onOpen, onExpired }: GridProps) {
  const { box, columns, width, top } = useMeasure();
  const now = useNow(30_000);
  const rowHeight = Math.round(width + tile.lines + tile.gap);
  const count = Math.ceil(images.length / columns);
  const { rows, totalHeight } = useWindowRows({ count, rowHeight, top });
  const lastInSight = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastInSight >= count - 3) onMore();
  }, [hasMore, lastInSight, count]);
  return (
    <div
      ref={box}
      class="grid"
      style={{ height: `${totalHeight}px` }}
      role="list"
      aria-label="Images"
      onKeyDown={(event) =>
        onGridKey(event, { grid: event.currentTarget, images, columns, selecting, onAll })
      }
    >
      {rows.map((row) =>
        images
          .slice(row.index * columns, (row.index + 1) * columns)
          .map((image, column) => (
            <Item
              key={image.id}
              image={image}
              now={now}
              isChosen={selecting.selection.has(image.id)}
              isErasing={erasingOf(image.id) !== undefined}
              onExpired={onExpired}
              onOpen={onOpen}
              onChoose={(one, isRange) => (isRange ? selecting.extend(one) : selecting.toggle(one))}
              place={row.index * columns + column + 1}
              of={hasMore ? -1 : images.length}
              width={width}
              left={column * (width + tile.gap)}
              top={row.start - top}
            />
          )),
      )}
    </div>
  );
}
