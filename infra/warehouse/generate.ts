/** `node infra/warehouse/generate.ts` writes the Synapse views, which are made from the schema of the lake. */
import { writeFileSync } from 'node:fs';
import { synapseViews } from '../../shared/lake/views/synapse.ts';

/** The views of today's schema: applied again whenever they change. */
export const viewsMigration = 'sql/synapse/repeatable/views.sql';

if (import.meta.main) writeFileSync(new URL(`../../${viewsMigration}`, import.meta.url), synapseViews());
