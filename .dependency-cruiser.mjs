/**
 * Which folder may import which (docs/architecture.md, "The source"). Type imports count. `npm run lint` holds it,
 * `npm run graph` draws it.
 */

/** Folders of shared/, each with what it may import. */
const sharedFolders = {
  platform: [],
  database: ['platform'],
  stream: ['platform'],
  images: ['platform', 'database', 'stream'],
  lake: ['platform', 'database', 'images'],
  orders: ['platform', 'database'],
  operations: ['platform', 'database', 'stream', 'images', 'lake', 'orders'],
};

/** Folders of shared/images/, an image's way: each may import those before it. */
const imageFolders = ['store', 'process', 'receive', 'read', 'erase'];

/** Packages that reach a data store, and the only folders that may import them. */
const storePackages = {
  '@azure/storage-blob':
    '^shared/(platform/blobs|images/store|images/receive/uploads|images/erase/ledger|stream|lake/store)/',
  mssql: '^shared/database/',
  pg: '^shared/database/',
};

const production = '^(functions|shared)/';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule('no-circular', 'Two files that import each other are one.', {}, { circular: true }),
    rule(
      'not-to-unresolvable',
      'The import leads nowhere. (`@azure/functions-core` is the host’s own module; what is `virtual:` is made by web/.)',
      {},
      { couldNotResolve: true, pathNot: '^(@azure/functions-core$|virtual:)' },
    ),
    ...Object.entries(sharedFolders).map(([folder, allowed]) =>
      rule(
        `shared-${folder}`,
        `shared/${folder} may import ${allowed.join(', ') || 'no other folder of shared/'}.`,
        { path: `^shared/${folder}/` },
        { path: '^shared/', pathNot: `^shared/(${[folder, ...allowed].join('|')})/` },
      ),
    ),
    ...imageFolders.map((folder, index) =>
      rule(
        `images-${folder}`,
        `shared/images/${folder} may import only what comes before it on an image's way.`,
        { path: `^shared/images/${folder}/` },
        {
          path: '^shared/images/',
          pathNot: `^shared/images/(${imageFolders.slice(0, index + 1).join('|')})/`,
        },
      ),
    ),
    rule(
      'shared-below-functions',
      'shared/ is beneath functions/.',
      { path: '^shared/' },
      { path: '^functions/' },
    ),
    rule(
      'services-apart',
      'A service imports no other service.',
      { path: '^functions/([^/]+)/' },
      { path: '^functions/[^/]+/', pathNot: ['^functions/$1/', '^functions/[^/]+[.]ts$'] },
    ),
    rule(
      'production-knows-no-place',
      'Production code does not know where it runs.',
      { path: production },
      { path: '^(infra|client|cli|tests|web)/' },
    ),
    rule(
      'client-alone',
      'The client knows the API and nothing else.',
      { path: '^client/' },
      {
        path: '^(functions|infra|cli|tests|web)/',
      },
    ),
    rule(
      'candidates-apart',
      'A candidate runs in a worker that is told so, and its code is in no other bundle.',
      { pathNot: '^shared/images/process/candidates/' },
      { path: '^shared/images/process/(candidate-files[.]ts$|candidates/)' },
    ),
    rule('infra-below-cli', 'infra/ is beneath cli/.', { path: '^infra/' }, { path: '^(cli|tests)/' }),
    rule('cli-not-tests', 'The CLI needs no test.', { path: '^cli/' }, { path: '^tests/' }),
    rule(
      'console-only-client',
      'The console imports the API’s client, as far as it runs in a browser, and nothing else of the repository.',
      { path: '^web/' },
      {
        path: '^(functions|shared|infra|client|cli|tests)/',
        pathNot:
          '^client/(api|api-error|api-types|decimals|duration|edge-block|file-name|image|lag|parquet|piece-bytes|read-health|shadow-run|spreadsheet-text|tus-error|worst-first)[.]ts$',
      },
    ),
    ...Object.entries(storePackages).map(([name, folders]) =>
      rule(
        `only-stores-import-${name}`,
        `${name} goes through the stores.`,
        { path: production, pathNot: folders },
        { path: `^node_modules/${name}/` },
      ),
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^web/dist', '[.]serverless'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    reporterOptions: {
      dot: {
        collapsePattern: '^(shared/images/[^/]+|shared/[^/]+|functions/[^/]+|client|cli|web|infra/[^/]+)',
      },
    },
  },
};
