import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launchChromium } from './chromium.ts';

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

/** The pages of a draw.io file, by id: each `<diagram>` element as it is written there. */
export const pagesOf = (drawio: string): Map<string, string> =>
  new Map(
    [...drawio.matchAll(/<diagram\b[^>]*?\bid="([\w-]+)"[\s\S]*?<\/diagram>/g)].map(([page, id]) => [
      id!,
      page,
    ]),
  );

export const svgPath = (id: string): string => `docs/images/architecture-${id}.svg`;

export const digestOf = (page: string): string => createHash('sha256').update(page).digest('hex');

/** The digest of the page that a picture says it was made from. */
export const digestIn = (svg: string): string | undefined => /; page sha256 (\w+) -->/.exec(svg)?.[1];

const origin = (page: string): string =>
  `<!-- made from docs/architecture.drawio by npm run diagrams; page sha256 ${digestOf(page)} -->`;

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
      drawn.set(id, { svg: `${svg.replace('>', `>\n${origin(text)}`)}\n`, faults });
    }
    return drawn;
  } finally {
    await browser.close();
  }
}
