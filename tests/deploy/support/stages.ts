import { stageParameters, type Scalars } from '../../../infra/azure/stage-parameters.ts';
import { template } from '../../../infra/azure/template/template.ts';
import { Stage } from './evaluate.ts';

export type StageName = 'dev' | 'prod' | 'dr';
/** Those that people work with; dr is there for a rehearsal. */
export const stageNames = ['dev', 'prod'] as const;

/** The template as serverless.yml parameterises it for a stage. */
export const stageOf = (stage: StageName, more: Scalars = {}): Stage =>
  new Stage(template, stageParameters(stage, more));
