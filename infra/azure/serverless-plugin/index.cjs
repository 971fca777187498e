/**
 * What serverless-azure-functions does not know: Node 24, the v4 programming model, Flex Consumption, signing in
 * without a prompt. Listed before it in serverless.yml. This file is what Serverless loads; the rest is TypeScript.
 */
'use strict';

const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  throw new Error(
    `Serverless runs on Node ${process.versions.node} here, Darkroom needs 24: start it with "npx sls …", which takes the Node of this repository.`,
  );
}

const runtimes = require('serverless-azure-functions/lib/config/runtime');

runtimes.supportedRuntimes.push('nodejs24');
runtimes.supportedRuntimeSet.add('nodejs24');
runtimes.dockerImages.nodejs24 = 'NODE|24';

module.exports = require('./plugin.ts').DarkroomPlugin;
