/** Types for what the tests' identity provider uses. The package has no types. */
declare module 'oidc-provider' {
  import type { Server } from 'node:http';

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    on(event: string, listener: (context: { oidc: { params: Record<string, unknown> } }) => void): this;
    use(middleware: (context: { path: string }, next: () => Promise<void>) => Promise<void>): void;
    listen(port: number, host: string, listening: () => void): Server;
  }
}
