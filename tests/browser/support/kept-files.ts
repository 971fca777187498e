import type { Page } from 'playwright-core';

/** Files that the browser keeps until they are sent. */
export const keptCount = (page: Page): Promise<number> =>
  page.evaluate<number>(`indexedDB.databases().then((all) => new Promise((resolve, reject) => {
    if (!all.some(({ name }) => name === 'darkroom.uploads')) return resolve(0);
    const opening = indexedDB.open('darkroom.uploads', 1);
    opening.onerror = reject;
    opening.onsuccess = () => {
      const counting = opening.result.transaction('files').objectStore('files').count();
      counting.onsuccess = () => {
        opening.result.close();
        resolve(counting.result);
      };
    };
  }))`);
