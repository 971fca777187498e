import { call, concat, variable, type Expression, type Text } from './expressions.ts';
import { parameter } from './parameters.ts';
import type { Region } from './resource.ts';

export const variables = {
  /** Makes names that must be unique in all of Azure so, and the same at every deployment. */
  suffix: call('take', call('uniqueString', call('resourceGroup').get('id')), 10),
  prefix: concat('darkroom-', parameter('stage')),
  paired: call('not', call('empty', parameter('secondaryLocation'))),
  hyperscale: call('equals', parameter('sqlTier'), 'hyperscale'),
  active: call('if', parameter('failedOver'), parameter('secondaryLocation'), parameter('location')),
} as const satisfies Record<string, Expression>;

export const paired = variable('paired');
export const hyperscale = variable('hyperscale');
/** The database pauses when nobody asks it; one of a failover group must not. */
export const databaseSleeps = call(
  'and',
  call('not', hyperscale),
  call('not', paired),
  call('greater', parameter('sqlAutoPauseMinutes'), 0),
);
export const privateNetwork = parameter('privateNetwork');

export const primary: Region = {
  key: 'primary',
  suffix: '',
  location: parameter('location'),
  condition: undefined,
};

export const secondary: Region = {
  key: 'secondary',
  suffix: '2',
  location: parameter('secondaryLocation'),
  condition: paired,
};

export const regions = [primary, secondary] as const;

/** `darkroom-STAGE-part`, for what needs no name of its own in the world. */
export const local = (...parts: readonly Text[]): Expression => concat(variable('prefix'), '-', ...parts);

/** The same with the resource group's own ending, for host names. */
export const worldwide = (...parts: readonly Text[]): Expression => local(...parts, '-', variable('suffix'));

/** Storage accounts have 3 to 24 small letters and digits. */
export const storageName = (part: string): Expression => concat(`dr${part}`, variable('suffix'));
