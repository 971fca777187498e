import { reportFiles, schemas } from './report.ts';
import { tmdlFiles } from './tmdl.ts';

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const platform = (type: 'Report' | 'SemanticModel', logicalId: string): object => ({
  $schema: `${schemas}/gitIntegration/platformProperties/2.0.0/schema.json`,
  metadata: { type, displayName: 'Darkroom' },
  config: { version: '2.0', logicalId },
});

/** Every file of the Power BI project, by its path beneath infra/power-bi. */
export function powerBiProject(): Map<string, string> {
  const model = 'Darkroom.SemanticModel';
  const report = 'Darkroom.Report';
  return new Map([
    [
      'Darkroom.pbip',
      json({
        $schema: `${schemas}/pbip/pbipProperties/1.0.0/schema.json`,
        version: '1.0',
        artifacts: [{ report: { path: report } }],
        settings: { enableAutoRecovery: true },
      }),
    ],
    [`${model}/.platform`, json(platform('SemanticModel', '6f0f3f0c-58a0-4f6e-9d53-6d1c36a4b8a1'))],
    [
      `${model}/definition.pbism`,
      json({
        $schema: `${schemas}/item/semanticModel/definitionProperties/1.0.0/schema.json`,
        version: '4.2',
        settings: {},
      }),
    ],
    ...[...tmdlFiles()].map(([path, text]) => [`${model}/definition/${path}`, text] as const),
    [`${report}/.platform`, json(platform('Report', '0c7d5d0f-3bb3-4a3c-8b0d-0b8c7d8f9e52'))],
    [
      `${report}/definition.pbir`,
      json({
        $schema: `${schemas}/item/report/definitionProperties/2.0.0/schema.json`,
        version: '4.0',
        datasetReference: { byPath: { path: `../${model}` } },
      }),
    ],
    ...[...reportFiles()].map(([path, value]) => [`${report}/definition/${path}`, json(value)] as const),
  ]);
}
