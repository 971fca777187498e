/** `npm run diagrams`: writes docs/architecture.drawio and docs/images/architecture-*.svg from the model. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diagramFiles } from './files.ts';

const docs = fileURLToPath(new URL('..', import.meta.url));
mkdirSync(`${docs}/images`, { recursive: true });
for (const [name, content] of diagramFiles()) {
  writeFileSync(`${docs}/${name}`, content);
  console.log(`docs/${name}`);
}
