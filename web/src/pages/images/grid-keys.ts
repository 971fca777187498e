import type { Image } from '../../../../client/api-types.ts';
import { eraseLater } from './erasing.ts';
import type { Selecting } from './use-selection.ts';

interface GridKeys {
  readonly grid: HTMLElement;
  readonly images: readonly Image[];
  readonly columns: number;
  readonly selecting: Selecting;
  readonly onAll: () => void;
}

const placeOf = (target: EventTarget | null): number =>
  Number((target as HTMLElement | null)?.closest('.grid-item')?.getAttribute('aria-posinset') ?? 0) - 1;

/**
 * Arrows go from image to image, with Shift they choose on the way; Space chooses, Ctrl+A all of the filter, Escape none,
 * Delete erases what is chosen, or the one in hand.
 */
export function onGridKey(event: KeyboardEvent, { grid, images, columns, selecting, onAll }: GridKeys): void {
  const at = placeOf(event.target);
  const image = images[at];
  if (!image) return;
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns },
  };
  const { selection } = selecting;
  const move = (step: number): void => {
    const to = images[at + step];
    if (!to) return;
    if (event.shiftKey) selecting.extend(to, image);
    grid.querySelector<HTMLElement>(`[aria-posinset="${at + step + 1}"] a`)?.focus();
  };
  const act = (): boolean => {
    const step = steps[event.key];
    if (step !== undefined) move(step);
    else if (event.key === ' ' && event.shiftKey) selecting.extend(image);
    else if (event.key === ' ') selecting.toggle(image);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) onAll();
    else if (event.key === 'Escape' && selection.size > 0) selecting.clear();
    else if (event.key === 'Delete') {
      eraseLater(selection.size > 0 ? [...selection.values()] : [image]);
      selecting.clear();
    } else return false;
    return true;
  };
  if (act()) event.preventDefault();
}
