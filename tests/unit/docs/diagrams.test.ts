import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { digestIn, digestOf, pagesOf, svgPath } from '../../browser/support/diagram-files.ts';

const drawio = readFileSync('docs/architecture.drawio', 'utf8');
const pages = pagesOf(drawio);

test('the file is draw.io’s own, readable: an mxfile of pages that are not compressed', () => {
  expect(drawio).toMatch(/^<mxfile [^>]*>\n {2}<diagram /);
  expect([...drawio.matchAll(/<diagram /g)]).toHaveLength(pages.size);
  for (const page of pages.values())
    expect(page).toMatch(
      /^<diagram [^>]*>\s*<mxGraphModel [^>]*>\s*<root>\s*<mxCell id="0" ?\/>\s*<mxCell id="1" parent="0" ?\/>/,
    );
});

test('a shape shows an icon that is in the file, none from elsewhere', () => {
  const images = [...drawio.matchAll(/\bimage=([^;"]*)/g)].map(([, address]) => address!);
  expect(images.length).toBeGreaterThan(100);
  for (const address of images) expect(address).toMatch(/^data:image\/svg\+xml,[\w+/]+=*$/);
});

// Without a browser this is all that can be said; tests/browser/diagrams.test.ts draws the pages and compares.
test.each([...pages])(
  'the picture of %s was made from the page as it is now (npm run diagrams)',
  (id, page) => {
    expect(digestIn(readFileSync(svgPath(id), 'utf8'))).toBe(digestOf(page));
  },
);

test('every page has its picture in docs/architecture.md, and no picture is left of a page that went', () => {
  const drawn = [...pages.keys()].map((id) => svgPath(id).replace('docs/images/', '')).sort();
  expect(
    readdirSync('docs/images')
      .filter((name) => name.startsWith('architecture-'))
      .sort(),
  ).toEqual(drawn);
  const shown = readFileSync('docs/architecture.md', 'utf8').matchAll(/\]\(images\/([\w-]+\.svg)\)/g);
  expect([...shown].map(([, name]) => name).sort()).toEqual(drawn);
});
