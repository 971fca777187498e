import type { Role } from '../../platform/auth/principal.ts';
import type { ServiceName } from '../../platform/services.ts';

interface Path {
  readonly service: ServiceName;
  /** Under which the service asks for whoever has the application role. */
  readonly databaseRoles: readonly string[];
}

const path = (service: ServiceName, ...databaseRoles: readonly string[]): Path => ({
  service,
  databaseRoles,
});

/** How whoever has an application role comes to the database: nobody signs in there but services and the teams' groups. */
export const pathsOf: Readonly<Record<Role, readonly Path[]>> = {
  Uploader: [
    path('upload', 'storage_writer', 'storage_reader'),
    path('read', 'storage_reader', 'storage_writer'),
  ],
  Logistics: [path('logistics', 'logistics')],
  LogisticsLead: [path('logistics', 'logistics_lead')],
  Sales: [path('sales', 'sales')],
  Analytics: [path('analytics', 'analytics')],
  Engineering: [
    path('operations', 'engineering', 'storage_reader', 'storage_writer'),
    path('warehouse', 'warehouse'),
    path('read', 'storage_reader', 'storage_writer'),
    path('purge', 'storage_writer'),
  ],
};
