import { useEffect, useRef, useState } from 'preact/hooks';
import type { Image } from '../../../../client/api-types.ts';

export type Selection = ReadonlyMap<string, Image>;

/** The images that are chosen; they stay chosen while others are scrolled to, and no longer than their filter. */
export function useSelection(images: readonly Image[], filter: string) {
  const [selection, setSelection] = useState<Selection>(new Map());
  /** From where a range goes: what was chosen last without one. */
  const anchor = useRef<string | undefined>(undefined);
  useEffect(() => {
    anchor.current = undefined;
    setSelection(new Map());
  }, [filter]);

  const place = (id: string | undefined): number => images.findIndex((image) => image.id === id);

  const add = (some: readonly Image[]): void =>
    setSelection((now) => new Map([...now, ...some.map((image) => [image.id, image] as const)]));

  function toggle(image: Image): void {
    anchor.current = image.id;
    setSelection((now) => {
      const next = new Map(now);
      if (!next.delete(image.id)) next.set(image.id, image);
      return next;
    });
  }

  /** Chooses all between the one that was chosen last, or `from`, and this one. */
  function extend(image: Image, from = image): void {
    if (place(anchor.current) === -1) anchor.current = from.id;
    const [a, b] = [place(anchor.current), place(image.id)];
    add(images.slice(Math.min(a, b), Math.max(a, b) + 1));
  }

  const remove = (ids: Iterable<string>): void =>
    setSelection((now) => {
      const next = new Map(now);
      for (const id of ids) next.delete(id);
      return next;
    });

  return { selection, add, toggle, extend, remove, clear: () => setSelection(new Map()) };
}

export type Selecting = ReturnType<typeof useSelection>;
