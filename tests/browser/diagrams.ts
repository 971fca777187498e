/** `npm run diagrams`: draws the pages of docs/architecture.drawio, which draw.io edits, as the pictures of the documents. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pagesOf, svgPath } from './support/diagram-files.ts';
import { drawPages } from './support/diagrams.ts';

const drawn = await drawPages(pagesOf(readFileSync('docs/architecture.drawio', 'utf8')));
for (const [id, { svg, faults }] of drawn) {
  writeFileSync(svgPath(id), svg);
  console.log([svgPath(id), ...faults].join('\n  '));
}
