import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';

/** What only one room of the house may import, so that reads and writes keep going through it. */
const rooms = [
  {
    name: '@azure/storage-blob',
    only: ['shared/storage/**'],
    because: 'image, lake and dead-letter bytes go through shared/storage',
  },
  {
    name: 'mssql',
    only: ['shared/database/**'],
    because: 'SQL goes through the Database port in shared/database',
  },
  {
    name: 'pg',
    only: ['shared/database/**'],
    because: 'SQL goes through the Database port in shared/database',
  },
];

const restricted = (allowed) => [
  'error',
  {
    paths: rooms
      .filter((room) => !allowed.includes(room.name))
      .map(({ name, because }) => ({ name, message: `${because}.` })),
    patterns: [],
  },
];

const production = ['functions/**/*.ts', 'shared/**/*.ts'];

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'dist',
      'web/dist',
      'web/.dist-*',
      '.darkroom',
      '.serverless',
      'screenshots',
      'coverage',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: production,
    rules: { 'no-restricted-imports': restricted([]), 'no-console': 'error' },
  },
  ...rooms.map((room) => ({
    files: room.only,
    rules: {
      'no-restricted-imports': restricted(
        rooms.filter((other) => other.only.join() === room.only.join()).map((other) => other.name),
      ),
    },
  })),
  {
    files: production,
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            {
              target: './functions',
              from: './infra',
              message: 'Production code does not know where it runs.',
            },
            { target: './shared', from: './infra', message: 'Production code does not know where it runs.' },
            { target: './shared', from: './functions', message: 'shared/ is beneath functions/.' },
            { target: './functions', from: './tests' },
            { target: './shared', from: './tests' },
          ],
        },
      ],
    },
  },
  {
    files: ['web/public/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['localStorage', 'document', 'self', 'caches', 'fetch', 'URL', 'Response'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        URL: 'readonly',
        setTimeout: 'readonly',
        Buffer: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      // Answers are JSON of any shape until a test has looked at them.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe'] },
          ],
        },
      ],
    },
  },
);
