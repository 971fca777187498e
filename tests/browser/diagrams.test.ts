import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { missingChromium } from './support/chromium.ts';
import { pagesOf, svgPath } from './support/diagram-files.ts';
import { drawPages } from './support/diagrams.ts';
import { suiteUnless } from '../support/skip-unless.ts';

const pages = pagesOf(readFileSync('docs/architecture.drawio', 'utf8'));
const flow = pages.get('flow')!;

/** The page `flow` with something wrong in it, and what is said of it. */
const mutated = {
  'a word that is too long': [
    'answers 202',
    'answers202BeforeAnythingElse',
    'upload "answers202BeforeAnythingElse" is wider',
  ],
  'a shape that only draw.io draws': [
    'shape=label;html=1',
    'shape=mxgraph.azure.user;html=1',
    'only: mxgraph.azure.user',
  ],
  'a box on another': [
    'x="260" y="250" width="180"',
    'x="120" y="250" width="180"',
    'people-uploader and front-door overlap',
  ],
  'an arrow through a box': ['x="240" y=', 'x="320" y=', 'arrow-29 runs through purge'],
  'a label on a box': [
    '<mxPoint x="-3" y="-11" as="offset" />',
    '<mxPoint x="-3" y="-90" as="offset" />',
    'arrow-3-text "bytes" is on upload',
  ],
} as const;

suiteUnless(missingChromium)('the diagrams', () => {
  let drawn: Awaited<ReturnType<typeof drawPages>>;
  beforeAll(async () => {
    const wrong = Object.entries(mutated).map(
      ([name, [from, to]]) => [name, flow.replaceAll(from, to)] as const,
    );
    const byWord = flow.replaceAll('shape=ellipse;perimeter=ellipsePerimeter;', 'ellipse;');
    drawn = await drawPages(new Map([...pages, ...wrong, ['by word', byWord]]));
  }, 120_000);

  test.each([...pages.keys()])('the picture of %s is the page as it is now (npm run diagrams)', (id) => {
    expect(readFileSync(svgPath(id), 'utf8')).toBe(drawn.get(id)!.svg);
  });

  test.each([...pages.keys()])('nothing on %s overlaps, and every text fits its box', (id) => {
    expect(drawn.get(id)!.faults).toEqual([]);
  });

  test('a shape that draw.io names by a word alone is drawn as that', () => {
    const circles = (id: string) => drawn.get(id)!.svg.match(/<ellipse /g)!.length;
    expect(circles('by word')).toBe(circles('flow'));
  });

  test.each(Object.entries(mutated))('%s is found', (name, [, , fault]) => {
    expect(drawn.get(name)!.faults.join('\n')).toContain(fault);
  });
});
