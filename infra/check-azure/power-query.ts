import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultSettings, TaskUtils } from '@microsoft/powerquery-parser';
import { resultOf, type CheckResult } from './result.ts';

const model = new URL('../power-bi/Darkroom.SemanticModel/definition/', import.meta.url).pathname;

/** M of a model file: `expression X = …` on one line, and the indented block below a partition's `source =`. */
function* expressionsOf(tmdl: string): Generator<string> {
  for (const [, m] of tmdl.matchAll(/^expression .*? = (.*)$/gm)) yield m ?? '';
  for (const [, m] of tmdl.matchAll(
    /^\tpartition [^\n]* = m\n(?:\t\t\w.*\n)*?\t\tsource =\n((?:\t{4}.*\n?)+)/gm,
  ))
    yield (m ?? '').replaceAll(/^\t{4}/gm, '');
}

/** Every M expression of the Power BI model, lexed and parsed with Microsoft's parser. */
export async function checkPowerQuery(): Promise<CheckResult[]> {
  const files = readdirSync(model, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.tmdl'),
  );
  const all = files.flatMap((file) =>
    [...expressionsOf(readFileSync(join(model, file), 'utf8'))].map((text) => ({ file, text })),
  );
  const faults: string[] = [];
  for (const { file, text } of all) {
    const task = await TaskUtils.tryLexParse(DefaultSettings, text);
    if (TaskUtils.isError(task)) faults.push(`${file}: ${task.error.message}`);
  }
  const empty = all.length === 0 ? ['no M expression was found'] : [];
  return [resultOf('Power Query', `${all.length} M expressions`, [...faults, ...empty])];
}
