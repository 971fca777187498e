import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Image } from '../../../../client/api-types.ts';
import { variantOf } from '../../../../client/image.ts';
import { TimeLeft, useNow } from '../../ui/time.tsx';
import { useWindowRows } from '../../ui/use-window-rows.ts';
import { BlurhashCanvas } from './blurhash-canvas.tsx';
import { doorName, StatusBadge, statusNames } from './status.tsx';

/** Width that a tile has at least, the gap between tiles, and the height of the lines below its picture, in pixels. */
const tile: { readonly least: number; readonly gap: number; readonly lines: number } = {
  least: 156,
  gap: 14,
  lines: 62,
};

interface TileProps {
  readonly image: Image;
  readonly now: number;
  readonly onExpired: () => void;
}

function Tile({ image, now, onExpired }: TileProps) {
  const [shown, setShown] = useState(false);
  const thumbnail = variantOf(image, 'thumbnail');
  const hash = image.facts['blurhash'];
  const label = `Image ${image.id.slice(0, 8)}, ${statusNames[image.status]}`;
  return (
    <a class="tile-link" href={`/images/${image.id}`} aria-label={label}>
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
            onError={onExpired}
          />
        )}
        {!thumbnail && image.failure && <span class="picture-note">{image.failure.message}</span>}
      </span>
      <span class="tile-lines">
        <StatusBadge image={image} />
        <small class="dim">{doorName(image.source)}</small>
        <small class="dim tile-left">
          <TimeLeft until={image.deleteAt} now={now} /> left
        </small>
      </span>
    </a>
  );
}

interface ItemProps extends Omit<TileProps, 'onExpired'> {
  readonly place: number;
  /** -1 while nobody knows. */
  readonly of: number;
  readonly width: number;
  readonly left: number;
  readonly top: number;
  readonly onExpired: (id: string) => void;
}

/** A tile in its place. Scrolling changes neither, so the tile is drawn once and not with every frame. */
function Item({ image, now, place, of, width, left, top, onExpired }: ItemProps) {
  const latest = useRef(onExpired);
  latest.current = onExpired;
  return useMemo(
    () => (
      <div
        role="listitem"
        class="grid-item"
        aria-setsize={of}
        aria-posinset={place}
        style={{ width: `${width}px`, transform: `translate(${left}px, ${top}px)` }}
      >
        <Tile image={image} now={now} onExpired={() => latest.current(image.id)} />
      </div>
    ),
    [image, now, place, of, width, left, top],
  );
}

interface GridProps {
  readonly images: readonly Image[];
  readonly hasMore: boolean;
  readonly onMore: () => void;
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
export function GalleryGrid({ images, hasMore, onMore, onExpired }: GridProps) {
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
    <div ref={box} class="grid" style={{ height: `${totalHeight}px` }} role="list" aria-label="Images">
      {rows.map((row) =>
        images
          .slice(row.index * columns, (row.index + 1) * columns)
          .map((image, column) => (
            <Item
              key={image.id}
              image={image}
              now={now}
              onExpired={onExpired}
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
