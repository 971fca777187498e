import { pageHeaders } from '../../../shared/platform/http/page-headers.ts';
import { call, concat, type Text } from './expressions.ts';
import { profile } from './front-door-endpoint.ts';
import { Resource } from './resource.ts';
import { webContainers } from './storage.ts';

/** Actions that Front Door takes in one rule. */
const maxActions = 5;

/** A version of Blob Storage's API that takes bearer tokens, which is what Front Door signs in with. */
const storageApiVersion = '2023-11-03';

const [profileName] = profile.segments as readonly [Text];
const ruleSet = (name: string) =>
  new Resource('Microsoft.Cdn/profiles/ruleSets', [profileName, name], { dependsOn: [profile.id] });

export const consoleRuleSet = ruleSet('console');
export const apiRuleSet = ruleSet('api');

const rule = (
  of: Resource,
  name: string,
  order: number,
  actions: readonly object[],
  more: { readonly conditions?: readonly object[]; readonly isLast?: true } = {},
) =>
  new Resource('Microsoft.Cdn/profiles/ruleSets/rules', [...of.segments, name], {
    dependsOn: [of.id],
    properties: {
      order,
      conditions: (more.conditions ?? []) as never,
      actions: actions as never,
      matchProcessingBehavior: more.isLast === true ? 'Stop' : 'Continue',
    },
  });

const changeHeader = (
  name: 'ModifyRequestHeader' | 'ModifyResponseHeader',
  headerName: string,
  value?: Text,
) => ({
  name,
  parameters: {
    typeName: 'DeliveryRuleHeaderActionParameters',
    headerName,
    ...(value === undefined ? { headerAction: 'Delete' } : { headerAction: 'Overwrite', value }),
  },
});

/** Where people sign in, in whatever cloud the stage is. */
const issuerOrigin = call('environment').get('authentication.loginEndpoint');
const marker = 'ISSUER';
const withIssuer = (value: string): Text => {
  const parts = value.split(marker);
  return parts.length === 1
    ? value
    : concat(...parts.flatMap((part, index) => (index === 0 ? [part] : [issuerOrigin, part])));
};

const headerActions = Object.entries(pageHeaders(marker)).map(([name, value]) =>
  changeHeader('ModifyResponseHeader', name, withIssuer(value)),
);

const headerRules = Array.from({ length: Math.ceil(headerActions.length / maxActions) }, (_, index) =>
  rule(
    consoleRuleSet,
    `headers${index + 1}`,
    index + 1,
    headerActions.slice(index * maxActions, (index + 1) * maxActions),
  ),
);

const rewrite = (destination: string, preserveUnmatchedPath: boolean) => ({
  name: 'UrlRewrite',
  parameters: {
    typeName: 'DeliveryRuleUrlRewriteActionParameters',
    sourcePattern: '/',
    destination,
    preserveUnmatchedPath,
  },
});

/** A path without a file's ending is a page of the console: its one document shows them all. */
const isPage = {
  name: 'UrlFileExtension',
  parameters: {
    typeName: 'DeliveryRuleUrlFileExtensionMatchConditionParameters',
    operator: 'Any',
    negateCondition: true,
    matchValues: [],
    transforms: [],
  },
};

export const consoleRules: readonly Resource[] = [
  ...headerRules,
  rule(consoleRuleSet, 'storage', 8, [
    changeHeader('ModifyRequestHeader', 'x-ms-version', storageApiVersion),
    // The token is Front Door's own; whatever a browser sends is none of the storage's business.
    changeHeader('ModifyRequestHeader', 'Cookie'),
  ]),
  rule(consoleRuleSet, 'pages', 9, [rewrite(`/${webContainers.console}/index.html`, false)], {
    conditions: [isPage],
    isLast: true,
  }),
  rule(consoleRuleSet, 'files', 10, [rewrite(`/${webContainers.console}/`, true)], { isLast: true }),
];

/**
 * The Functions host ties a request to its invocation by `x-ms-invocation-id` and keeps a client's value of it, after
 * which nobody answers the request. Cookies are nothing of ours and could fill the headers that the worker takes.
 */
export const apiRules: readonly Resource[] = [
  rule(apiRuleSet, 'request', 1, [
    changeHeader('ModifyRequestHeader', 'x-ms-invocation-id'),
    changeHeader('ModifyRequestHeader', 'Cookie'),
    changeHeader(
      'ModifyResponseHeader',
      'strict-transport-security',
      pageHeaders('')['strict-transport-security'],
    ),
  ]),
];

export const frontDoorRules: readonly Resource[] = [consoleRuleSet, ...consoleRules, apiRuleSet, ...apiRules];
