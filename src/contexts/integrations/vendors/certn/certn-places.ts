import type { AccountPlace, Environment } from '../../gateway/domain/vendor-terms.js';

/** docs/certn-api.md 1.1 */
export const certnRegions = [
  { id: 'ca', label: 'Canada' },
  { id: 'uk', label: 'United Kingdom' },
  { id: 'au', label: 'Australia' },
] as const;
type Region = (typeof certnRegions)[number]['id'];

export const certnEnvironments = ['production', 'sandbox'] as const;

/** Days after its creation (docs/certn-api.md 1.2). */
export const certnKeyLifeDays = 365;

const isRegion = (id: string): id is Region => certnRegions.some((region) => region.id === id);

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

  baseUrl({ region, environment }: AccountPlace): string {
    if (this.override !== null) return this.override;
    if (!isRegion(region)) throw new Error(`Certn has no region "${region}".`);
    return hosts[environment][region];
  }
}

export function certnPortal(region: string): string {
  return `https://client.certn.co/${region}`;
}

export function whyKeyRejected({ region, environment }: AccountPlace): string {
  const otherKind = environment === 'production' ? 'a sandbox key' : 'a production key';
  const label = certnRegions.find(({ id }) => id === region)?.label ?? region;
  const name = region === 'uk' ? `the ${label}` : label;
  return (
    `Certn rejected this API key. It may be from another region than ${name}, ${otherKind}, ` +
    `expired (after ${certnKeyLifeDays} days), revoked, an old-generation key, ` +
    'or created without Admin access in Certn.'
  );
}
