import { registerHooks } from 'node:module';

// Loaded before the service by the replica that measures what the wall costs: its statements carry no scope. What else is
// sent with them, the time limit of reads, stays.
const source = 'export const scopeSettings = () => []; export const differingFromDefault = (settings) => settings;';
registerHooks({
  load: (url, context, next) =>
    url.endsWith('/platform/database/scope-settings.js')
      ? { format: 'module', shortCircuit: true, source }
      : next(url, context),
});
