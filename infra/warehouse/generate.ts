/** `node infra/warehouse/generate.ts` writes the Synapse views, which are made from the schema of the lake. */
import { writeFileSync } from 'node:fs';
import { synapseViews } from '../../shared/lake/views/synapse.ts';

/**
 * The views of today's schema. An applied migration is never changed: once it is, the next schema's views go into a
 * file with the next number, named here.
 */
export const viewsMigration = 'sql/synapse/002-views.sql';

if (import.meta.main) writeFileSync(new URL(`../../${viewsMigration}`, import.meta.url), synapseViews());
