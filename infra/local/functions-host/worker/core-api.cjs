/** What `require('@azure/functions-core')` answers inside the bundle; worker.ts puts the value there first. */
module.exports = globalThis[Symbol.for('darkroom.functions-core')];
