/**
 * What every function app starts: registers the services that DARKROOM_SERVICES names (all when it is not set).
 * `require` is resolved by esbuild at build time, so one file holds every service and evaluates only the chosen.
 */
import { guardInvocations, type ProgrammingModel } from './host/invocation-guard.ts';
import { enabledServices } from '../shared/platform/enabled-services.ts';
import type { ServiceName } from '../shared/platform/services.ts';

declare const require: (path: string) => unknown;

const register: Record<ServiceName, () => unknown> = {
  upload: () => require('./upload/index.ts'),
  stream: () => require('./stream/index.ts'),
  processing: () => require('./processing/index.ts'),
  read: () => require('./read/index.ts'),
  purge: () => require('./purge/index.ts'),
  logistics: () => require('./logistics/index.ts'),
  sales: () => require('./sales/index.ts'),
  analytics: () => require('./analytics/index.ts'),
  warehouse: () => require('./warehouse/index.ts'),
  operations: () => require('./operations/index.ts'),
};

require('./host/index.ts');
for (const service of enabledServices(process.env['DARKROOM_SERVICES'])) register[service]();

// The library gives its model to the host with the first function.
const core = require('@azure/functions-core') as { getProgrammingModel(): ProgrammingModel };
guardInvocations(core.getProgrammingModel());
