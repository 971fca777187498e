import { call, concat, not, when, type Expression, type Text } from './expressions.ts';
import { privateNetwork } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource, type Json, type ResourceType } from './resource.ts';

const given = (name: 'producerAddresses' | 'databaseAddresses'): Expression =>
  not(call('empty', parameter(name)));
const ranges = (name: 'producerAddresses' | 'databaseAddresses'): Expression =>
  call('split', parameter(name), ',');

/** A store of a private stage is reachable from outside only for the addresses that are listed. */
export const accessFor = (name: 'producerAddresses' | 'databaseAddresses'): Expression =>
  when(call('or', not(privateNetwork), given(name)), 'Enabled', 'Disabled');

/** What Event Hubs lets in from outside the network. */
export const producerRules: Json = when(
  given('producerAddresses'),
  call(
    'map',
    ranges('producerAddresses'),
    call(
      'lambda',
      'range',
      call('createObject', 'ipMask', call('lambdaVariables', 'range'), 'action', 'Allow'),
    ),
  ),
  call('createArray'),
);

/** One rule for each range that may reach SQL or Synapse: a laptop that deploys, a gateway of Power BI. */
export function databaseRules(
  type: ResourceType,
  server: Text,
  after: Resource,
  condition?: Expression,
): Resource {
  const range = call('split', call('trim', ranges('databaseAddresses').at(call('copyIndex'))), '-');
  const listed = given('databaseAddresses');
  return new Resource(type, [server, concat('allowed-', call('string', call('copyIndex')))], {
    condition: condition ? call('and', condition, listed) : listed,
    copy: { name: 'allowed-addresses', count: call('length', ranges('databaseAddresses')) },
    dependsOn: [after.id],
    properties: { startIpAddress: call('first', range), endIpAddress: call('last', range) },
  });
}
