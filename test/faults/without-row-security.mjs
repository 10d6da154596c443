import { registerHooks } from 'node:module';

// Preload for the replicas that measure the cost of row level security: their statements carry no team scope. The time limit of
// reads, which is sent in the same way, stays.
const source = 'export const scopeSettings = () => []; export const differingFromDefault = (settings) => settings;';
registerHooks({
  load: (url, context, next) =>
    url.endsWith('/platform/database/scope-settings.js')
      ? { format: 'module', shortCircuit: true, source }
      : next(url, context),
});
