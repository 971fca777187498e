import { synapseViews } from '../../shared/lake/views/synapse.ts';
import { reportPicture } from '../power-bi/source/picture.ts';
import { powerBiProject } from '../power-bi/source/project.ts';

/**
 * The views of today's schema. An applied migration is never changed: once it is, the next schema's views go into a
 * file with the next number, named here.
 */
const viewsMigration = 'sql/synapse/002-views.sql';

/** What is made from the schema of the lake and kept in the repository, by path from its root. */
export const generatedFiles = (): Map<string, string> =>
  new Map([
    [viewsMigration, synapseViews()],
    ['docs/images/report-pages.svg', reportPicture()],
    ...[...powerBiProject()].map(([path, text]) => [`infra/power-bi/${path}`, text] as const),
  ]);
