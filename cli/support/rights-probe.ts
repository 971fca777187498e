import { isEmbedded } from '../../shared/database/open.ts';
import { probeEmbedded } from '../../shared/database/rights/embedded.ts';
import { probeMssql } from '../../shared/database/rights/mssql.ts';
import type { RightsProbe } from '../../shared/database/rights/types.ts';

export interface Addresses {
  /** Signs in as the owner. */
  readonly owner: string;
  /** Where services connect. */
  readonly service: string;
}

export const openProbe = ({ owner, service }: Addresses): Promise<RightsProbe> =>
  isEmbedded(owner) ? probeEmbedded(owner, service) : probeMssql(owner);
