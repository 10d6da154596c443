/** As far as the tests' identity provider needs it: the package brings no types. */
declare module 'oidc-provider' {
  import type { Server } from 'node:http';

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    on(event: string, listener: (context: { oidc: { params: Record<string, unknown> } }) => void): this;
    use(middleware: (context: { path: string }, next: () => Promise<void>) => Promise<void>): void;
    listen(port: number, host: string, listening: () => void): Server;
  }
}
