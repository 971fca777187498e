import { call, type Expression } from './expressions.ts';
import { parameter } from './parameters.ts';

export interface MatchCondition {
  readonly matchVariable: 'RequestUri' | 'RequestMethod' | 'RequestHeader';
  readonly selector?: string;
  readonly operator: 'RegEx' | 'Equal' | 'GreaterThan';
  readonly negateCondition: boolean;
  readonly matchValue: readonly string[];
  readonly transforms: readonly 'Lowercase'[];
}

export interface CustomRule {
  readonly name: string;
  readonly priority: number;
  readonly enabledState: 'Enabled';
  readonly ruleType: 'MatchRule' | 'RateLimitRule';
  readonly rateLimitDurationInMinutes?: 1;
  readonly rateLimitThreshold?: Expression;
  readonly groupBy?: readonly { readonly variableName: 'SocketAddr' }[];
  readonly matchConditions: readonly MatchCondition[];
  readonly action: 'Allow' | 'Block';
}

/** By what follows the host: Front Door matches the whole URI, `https://HOST:443/…`. */
const address = (pattern: string, negateCondition = false): MatchCondition => ({
  matchVariable: 'RequestUri',
  operator: 'RegEx',
  negateCondition,
  matchValue: [`^(https?://[^/?]+)?/${pattern}`],
  transforms: ['Lowercase'],
});

const method = (...matchValue: readonly string[]): MatchCondition => ({
  matchVariable: 'RequestMethod',
  operator: 'Equal',
  negateCondition: false,
  matchValue,
  transforms: [],
});

const header = (
  selector: string,
  operator: 'RegEx' | 'GreaterThan',
  ...matchValue: readonly string[]
): MatchCondition => ({
  matchVariable: 'RequestHeader',
  selector,
  operator,
  negateCondition: false,
  matchValue,
  transforms: [],
});

/** What is sent to upload: nothing behind the path, so that nothing else slips through with it. */
const upload = 'api/(images|uploads(/[0-9a-f-]{36})?)/?$';
/** A photo for the sandbox, exactly. */
const sandbox = 'api/operations/sandbox/photos$';
const picture = 'api/images/[0-9a-f-]{36}/[a-z0-9-]+(\\?.*)?$';

/**
 * What one person's console and clients ask in their busiest minute, with room to spare (docs/security.md has the
 * arithmetic, tests/browser counts). Pictures have no limit: the edge caches them, and a gallery fetches them by the
 * hundred. OPTIONS counts with all that it may ask about: by it a client finds out that it is past a limit.
 */
export const requestsPerPersonAndMinute: Readonly<
  Record<string, { readonly count: number; readonly of: readonly MatchCondition[] }>
> = {
  // 120 images dropped at once: two requests each, one to begin and one with the bytes.
  uploads: { count: 300, of: [address(upload), method('POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS')] },
  // Lists and states, read again every other second while images are processed, and what a person opens.
  reads: { count: 120, of: [address('api/'), address(picture, true), method('GET', 'HEAD', 'OPTIONS')] },
  changes: {
    count: 60,
    of: [address('api/'), address(upload, true), method('POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS')],
  },
  // A first visit loads some thirty files.
  pages: { count: 120, of: [address('(api/)', true)] },
};

/** The firewall counts by network address, behind which a whole company may sit. */
const limits: readonly CustomRule[] = Object.entries(requestsPerPersonAndMinute).map(
  ([name, { count, of }], index) => ({
    name: `limit${name}`,
    priority: 10 + index,
    enabledState: 'Enabled',
    ruleType: 'RateLimitRule',
    rateLimitDurationInMinutes: 1,
    rateLimitThreshold: call('mul', parameter('peopleBehindOneAddress'), count),
    groupBy: [{ variableName: 'SocketAddr' }],
    matchConditions: of,
    action: 'Block',
  }),
);

const match = (
  name: string,
  priority: number,
  action: 'Allow' | 'Block',
  ...matchConditions: readonly MatchCondition[]
): CustomRule => ({
  name,
  priority,
  enabledState: 'Enabled',
  ruleType: 'MatchRule',
  matchConditions,
  action,
});

/** The host's worker refuses more than 16 KB of headers, and the host itself more than 32 (decision 171). Bytes. */
const longest = { token: '8192', address: '8192' } as const;

/** Markup, look-ups, shell functions and paths upwards, which no header of a client of ours has. */
const attack = '(\\$\\{|<script|<\\?php|\\(\\)\\s*\\{|\\.\\./\\.\\./)';

const blocks: readonly CustomRule[] = [
  match('longToken', 20, 'Block', header('Authorization', 'GreaterThan', longest.token)),
  match('longAddress', 21, 'Block', {
    ...address(''),
    operator: 'GreaterThan',
    matchValue: [longest.address],
    transforms: [],
  }),
  // The managed rules look at headers too, but not at those of a request that an exception below lets through.
  ...['User-Agent', 'Referer', 'Idempotency-Key', 'X-Correlation-Id'].map((name, index) =>
    match(`attackIn${name.replaceAll('-', '')}`, 30 + index, 'Block', {
      ...header(name, 'RegEx', attack),
      transforms: ['Lowercase'],
    }),
  ),
];

/**
 * Bytes that look like every attack by chance: an image's, and a product list's with its quotes. Rule 920420 knows none
 * of their content types either. What says `Allow` skips the managed rules, so the address is exact, with no room
 * for a query.
 */
const exceptions: readonly CustomRule[] = [
  match('imageBytes', 50, 'Allow', address(upload), method('POST', 'PATCH')),
  match(
    'productList',
    51,
    'Allow',
    address('api/sales/products/import(\\?dryrun=(true|false))?$'),
    method('POST'),
  ),
  match('sandboxPhoto', 52, 'Allow', address(sandbox), method('POST')),
];

/** Custom rules, by priority: limits come first, exceptions last. */
export const customRules: readonly CustomRule[] = [...limits, ...blocks, ...exceptions];
