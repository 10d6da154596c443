import { registerHooks } from 'node:module';

// Loaded before the service by the replica that measures what the wall costs: its statements carry no scope.
registerHooks({
  load: (url, context, next) =>
    url.endsWith('/platform/database/scoped-statements.js')
      ? { format: 'module', shortCircuit: true, source: 'export const heedScope = () => undefined;' }
      : next(url, context),
});
