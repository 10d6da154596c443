import { randomBytes, randomUUID } from 'node:crypto';
import { type Settings, defaultSettings, mergeSettings } from './settings.ts';
import { shortId } from './short-id.ts';

/** A key of the customer account, valid for 365 days; several may be active at once (docs/certn-api.md 1.2). */
export interface ApiKey {
  id: string;
  key: string;
  created: string;
  expires: string;
  revoked: boolean;
}

/** A set of checks the client put together (docs/certn-api.md 3). */
export interface Package {
  id: string;
  name: string;
  is_active: boolean;
  permissible_purposes: string[];
  checks: string[];
}

export interface Group {
  id: string;
  short_id: string;
  parent_id: string | null;
  name: string;
  is_active: boolean;
}

export interface PortalUser {
  id: string;
  email: string;
  full_name: string;
  role: string;
  is_active: boolean;
  group: string;
}

export interface Tag {
  id: string;
  name: string;
  is_active: boolean;
}

/** A registered URL; `enabled` only after it answered the challenge (docs/certn-api.md 5.1). */
export interface Webhook {
  id: string;
  url: string;
  enabled: boolean;
  last_handshake: { time: string; ok: boolean; reason: string | null } | null;
}

export interface Account {
  id: string;
  name: string;
  created: string;
  api_keys: ApiKey[];
  webhook_secret: string;
  webhooks: Webhook[];
  packages: Package[];
  groups: Group[];
  users: PortalUser[];
  tags: Tag[];
  settings: Settings;
}

const keyLifetimeMs = 365 * 24 * 60 * 60 * 1000;

export function newKey(value?: string): ApiKey {
  const now = Date.now();
  return {
    id: randomUUID(),
    key: value ?? `${randomBytes(4).toString('hex')}.${randomBytes(20).toString('base64url')}`,
    created: new Date(now).toISOString(),
    expires: new Date(now + keyLifetimeMs).toISOString(),
    revoked: false,
  };
}

export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64url')}`;

export const isUsable = (key: ApiKey, now: number): boolean => !key.revoked && Date.parse(key.expires) > now;

export interface AccountOptions {
  name: string;
  api_key?: string;
  webhook_secret?: string;
  packages?: Package[];
  settings?: unknown;
}

export function newAccount(options: AccountOptions): Account {
  const group = newGroup('Head office');
  return {
    id: randomUUID(),
    name: options.name,
    created: new Date().toISOString(),
    api_keys: [newKey(options.api_key)],
    webhook_secret: options.webhook_secret ?? newSecret(),
    webhooks: [],
    packages: options.packages ?? usualPackages(),
    groups: [group, { ...newGroup('Stores'), parent_id: group.id }],
    users: [newUser('Avery Admin', 'ADMIN', group.id), newUser('Morgan Manager', 'MANAGER', group.id)],
    tags: ['Priority', 'ATS'].map((name) => ({ id: randomUUID(), name, is_active: true })),
    settings: mergeSettings(defaultSettings, options.settings),
  };
}

function newGroup(name: string): Group {
  return { id: randomUUID(), short_id: shortId('CG', 'CA'), parent_id: null, name, is_active: true };
}

function newUser(fullName: string, role: string, group: string): PortalUser {
  const email = `${fullName.toLowerCase().replace(' ', '.')}@client.example`;
  return { id: randomUUID(), email, full_name: fullName, role, is_active: true, group };
}

function usualPackages(): Package[] {
  const named = (name: string, checks: string[]): Package => ({
    id: randomUUID(),
    name,
    is_active: true,
    permissible_purposes: ['EMPLOYMENT'],
    checks,
  });
  return [
    named('Identity only', ['IDENTITY_VERIFICATION_1']),
    named('Standard: identity and criminal record', ['IDENTITY_VERIFICATION_1', 'CRIMINAL_RECORD_REPORT_1']),
    named('Finance roles', ['IDENTITY_VERIFICATION_1', 'CRIMINAL_RECORD_REPORT_1', 'CREDIT_REPORT_1']),
  ];
}
