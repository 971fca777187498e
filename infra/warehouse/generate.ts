/** `node infra/warehouse/generate.ts` writes what is made from the schema of the lake: Synapse views and the Power BI project. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './generated.ts';

const root = new URL('../../', import.meta.url);
for (const folder of ['Darkroom.Report', 'Darkroom.SemanticModel']) {
  rmSync(new URL(`infra/power-bi/${folder}`, root), { recursive: true, force: true });
}
for (const [path, text] of generatedFiles()) {
  const file = new URL(path.replaceAll(' ', '%20'), root);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
}
