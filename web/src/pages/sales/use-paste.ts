import { useEffect } from 'preact/hooks';
import type { Product } from '../../../../client/api-types.ts';
import type { Pasted } from './import-dialog.tsx';
import type { PastePlace } from './pasted-rows.ts';
import { fields } from './product-fields.tsx';

/** More than one value: what a spreadsheet copies ends with a line break. */
export const isBlock = (text: string): boolean => /[\t\n]/.test(text.replace(/[\r\n]+$/, ''));

function placeOf(cell: HTMLElement | null, products: readonly Product[]): PastePlace | undefined {
  const id = Number(cell?.closest<HTMLElement>('[data-product]')?.dataset['product']);
  const row = products.findIndex(({ productId }) => productId === id);
  const field = fields.find((one) => one === cell?.dataset['field']);
  return row < 0 || field === undefined ? undefined : { products, row, field };
}

/** Rows that are pasted anywhere on the page but into a text field; at a cell they may be meant for the cells there. */
export function usePaste(products: readonly Product[], onPaste: (pasted: Pasted) => void): void {
  useEffect(() => {
    const listen = (event: ClipboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : document.body;
      const cell = target.closest<HTMLElement>('[data-field]');
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const isElsewhere = target.closest('dialog') ?? (target.matches('input, textarea') && cell === null);
      if (event.defaultPrevented || isElsewhere || !isBlock(text)) return;
      event.preventDefault();
      onPaste({ text, place: placeOf(cell, products) });
    };
    document.addEventListener('paste', listen);
    return () => document.removeEventListener('paste', listen);
  }, [products, onPaste]);
}
