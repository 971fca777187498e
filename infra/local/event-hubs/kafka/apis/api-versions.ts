import type { KafkaApi } from '../api.ts';
import { errorCodes, type KafkaErrorCode } from '../error-codes.ts';
import type { WireWriter } from '../wire.ts';

export const apiVersionsKey = 18;

/** Announces `apis`; a client that asks in a version not known here is told so in version 0 (KIP-511). */
export const makeApiVersions = (apis: readonly KafkaApi[]): KafkaApi => {
  const self: KafkaApi = {
    key: apiVersionsKey,
    name: 'ApiVersions',
    versions: [0, 3],
    flexibleFrom: 3,
    needsNoSignIn: true,
    handle: (_request, version) => (response) =>
      writeApiVersions(response, version, [...apis, self], errorCodes.none),
  };
  return self;
};

export function writeApiVersions(
  response: WireWriter,
  version: number,
  apis: readonly KafkaApi[],
  code: KafkaErrorCode,
): void {
  const sorted = apis.toSorted((one, other) => one.key - other.key);
  response.int16(code).array(sorted, ({ key, versions: [first, last] }) => {
    response.int16(key).int16(first).int16(last).tags();
  });
  if (version >= 1) response.int32(0);
  response.tags();
}
