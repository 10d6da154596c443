import type { Environment, Region } from '../../gateway/domain/screening-provider.js';

/** docs/certn-api.md 1.1 */
const hosts: Record<Environment, Record<Region, string>> = {
  production: {
    ca: 'https://api.ca.certn.co',
    uk: 'https://api.uk.certn.co',
    au: 'https://api.au.certn.co',
  },
  sandbox: {
    ca: 'https://api.sandbox.certn.co',
    uk: 'https://api-uk.sandbox.certn.co',
    au: 'https://api-au.sandbox.certn.co',
  },
};

/** The base URLs of Certn's API. An override (`CERTN_BASE_URL`) replaces those of every region and environment. */
export class CertnHosts {
  readonly override: string | null;

  constructor(override?: string) {
    this.override = override === undefined ? null : new URL(override).origin;
  }

  baseUrl(account: { region: Region; environment: Environment }): string {
    return this.override ?? hosts[account.environment][account.region];
  }
}

export function certnPortal(region: Region): string {
  return `https://client.certn.co/${region}`;
}
