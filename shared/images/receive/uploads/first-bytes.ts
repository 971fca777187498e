import { sniff, sniffBytes } from '../../process/header/sniff.ts';
import type { UploadState } from './state.ts';

/** Partial uploads hold any bytes; what becomes an image must begin like one. */
const isChecked = ({ concatenation, contentType }: UploadState): boolean =>
  contentType === null && concatenation?.kind !== 'partial';

/** The state with the first bytes that it still lacks to tell the type. */
export function withFirstBytes(state: UploadState, chunk: Uint8Array): UploadState {
  const first = Buffer.from(state.firstBytes, 'base64');
  if (!isChecked(state) || first.length >= sniffBytes) return state;
  const firstBytes = Buffer.concat([first, chunk.subarray(0, sniffBytes - first.length)]);
  return { ...state, firstBytes: firstBytes.toString('base64') };
}

/** The state with its type, once there are enough bytes or no more will come. Throws `unsupported-type` or `raw-not-supported`. */
export function withType(state: UploadState, isWhole: boolean): UploadState {
  const first = Buffer.from(state.firstBytes, 'base64');
  if (!isChecked(state) || first.length === 0 || (first.length < sniffBytes && !isWhole)) return state;
  const found = sniff(first);
  if ('type' in found) return { ...state, contentType: found.type, firstBytes: '' };
  throw found.refused;
}
