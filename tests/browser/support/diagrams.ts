import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launchChromium } from './chromium.ts';
import { originOf } from './diagram-files.ts';

/** A page as a picture, and what a reader of it would stumble over. */
interface Drawn {
  readonly svg: string;
  readonly faults: readonly string[];
}

/** What pages/diagrams.ts gives its window: it draws a `<diagram>` element. */
interface Window {
  draw(diagram: string): Drawn;
}

const entry = fileURLToPath(new URL('../pages/diagrams.ts', import.meta.url));

/** Draws pages in a browser. */
export async function drawPages(pages: ReadonlyMap<string, string>): Promise<Map<string, Drawn>> {
  const options = { bundle: true, write: false, format: 'iife', platform: 'browser' } as const;
  const { outputFiles } = await build({ ...options, entryPoints: [entry], target: 'es2023' });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 2000, height: 1600 } });
    await page.setContent('<!doctype html><style>body { margin: 0 }</style>');
    await page.addScriptTag({ content: outputFiles[0]!.text });
    const drawn = new Map<string, Drawn>();
    for (const [id, text] of pages) {
      const { svg, faults } = await page.evaluate(
        (diagram) => (globalThis as unknown as Window).draw(diagram),
        text,
      );
      drawn.set(id, { svg: `${svg.replace('>', `>\n${originOf(text)}`)}\n`, faults });
    }
    return drawn;
  } finally {
    await browser.close();
  }
}
