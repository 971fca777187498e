/**
 * Makes or renews the views over the lake in Synapse, after the database's migrations: `node infra/azure/lake-views.ts`, with
 * what `sls deploy` puts into the environment of its migrate commands. They are granted to the group that
 * DARKROOM_DATABASE_GROUPS gives the role `analytics`; without one there is nobody to read them, and they wait.
 */
import { migrateSynapse, type SynapseVariables } from '../../shared/database/migrations/synapse.ts';
import type { Analysts } from '../../shared/database/migrations/synapse-analysts.ts';
import { groupsOf } from './database-users.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined while no group reads the lake, or there is no workspace. Throws on a missing endpoint. */
export function lakeViewsOf(
  environment: Environment,
): { endpoint: string; variables: SynapseVariables; analysts: Analysts } | undefined {
  const { DARKROOM_SYNAPSE: endpoint, DARKROOM_LAKE_URL: lakeUrl } = environment;
  // Synapse went with its region, or this is not a deployment.
  if (endpoint === '' && environment['DARKROOM_STAGE']) return undefined;
  if (!endpoint || !lakeUrl) throw new Error('Set DARKROOM_SYNAPSE and DARKROOM_LAKE_URL: sls deploy does.');
  const analysts = groupsOf(environment).find(({ roles }) => roles.includes('analytics'));
  if (analysts === undefined) return undefined;
  const { name, id } = analysts;
  return { endpoint, variables: { LakeUrl: lakeUrl }, analysts: { name, id } };
}

if (import.meta.main) {
  const views = lakeViewsOf(process.env);
  if (views === undefined) {
    console.log('lake views: DARKROOM_DATABASE_GROUPS names no group with the role analytics, so they wait');
  } else {
    const { applied } = await migrateSynapse(views.endpoint, views.variables, views.analysts);
    console.log(`lake views: ${applied.length === 0 ? 'nothing is pending' : applied.join(', ')}`);
  }
}
