import { queryOptions } from '@tanstack/react-query';
import { api, page, type Schemas } from '../api/client';

export type Account = Schemas['ServiceAccountResponse'];
export type Key = Account['keys'][number];
export type Scope = Account['scopes'][number];
export type Level = Account['access_level'];

/** A team has at most fifty that are not deleted: they fit on one page. */
export const accountsQuery = queryOptions({
  queryKey: ['service_accounts'],
  queryFn: ({ signal }) => page(api.GET('/ats/v0/service_accounts', { params: { query: { per_page: 100 } }, signal })),
});

export const ofAccount = ({ id }: Account) => ({ path: { id } });

export const levels: { value: Level; label: string }[] = [
  { value: 'restricted', label: 'Restricted' },
  { value: 'limited', label: 'Limited' },
  { value: 'standard', label: 'Standard' },
  { value: 'admin', label: 'Admin' },
];

export const levelWord = (level: Level): string => levels.find(({ value }) => value === level)?.label ?? level;

/** What each scope allows, as far as the access level allows it. */
export const scopeWords: Record<Scope, string> = {
  'jobs:read': 'Read jobs and interview plans',
  'jobs:write': 'Create and change jobs and interview plans',
  'candidates:read': 'Read candidates',
  'candidates:write': 'Create and change candidates',
  'applications:read': 'Read applications and their tasks',
  'applications:write': 'Create, move and close applications',
  'background_checks:read': 'Read background checks, without results',
  'background_checks:send': 'Send, resend and cancel background checks',
  'results:read': 'Read results',
  imports: 'Import records',
  'integrations:read': 'Read integrations and packages',
};
export const allScopes = Object.keys(scopeWords) as Scope[];

const soonMs = 14 * 24 * 3600 * 1000;

/** How much longer a key works; `soon`: replace it now. */
export function lifeOf({ expires_at }: Key): 'long' | 'soon' | 'over' {
  const leftMs = Date.parse(expires_at) - Date.now();
  if (leftMs <= 0) return 'over';
  return leftMs < soonMs ? 'soon' : 'long';
}
