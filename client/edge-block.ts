import { edgeBlock } from '../shared/platform/edge-block.ts';
import { ApiError } from './api-error.ts';

/** A limit counts minutes. */
const limitSeconds = 60;

const isEdgeBlock = ({ code }: Pick<ApiError, 'code'>): boolean => code === edgeBlock.code;

const pastLimit = () =>
  new ApiError({
    code: 'rate-limited',
    status: 429,
    title: 'Too many requests; try again later',
    detail: 'Too many requests came from your network within a minute. Wait a minute, then go on.',
    details: { retryAfterSeconds: limitSeconds },
  });

/**
 * The firewall answers alike what it takes for an attack and what is past a limit. A limit stops a harmless question about
 * the same address as well; it is asked once. Any other error is answered as it is.
 */
export async function explainBlock(error: ApiError, address: string): Promise<ApiError> {
  if (!isEdgeBlock(error)) return error;
  const [path = address] = address.split('?');
  const options = await fetch(path, { method: 'OPTIONS' }).catch(() => undefined);
  if (options?.status !== edgeBlock.status) return error;
  return (await options.text()).includes(edgeBlock.code) ? pastLimit() : error;
}
