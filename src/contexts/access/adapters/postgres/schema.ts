import { EntitySchema } from '@mikro-orm/core';
import type { ContextSchema } from '#platform/database/context-schema';
import { ServiceAccount } from '../../domain/service-account.js';
import { Team } from '../../domain/team.js';
import { User } from '../../domain/user.js';
import { Start } from './migrations/0001-start.js';
import { SignInByPerson } from './migrations/0002-sign-in-by-person.js';
import { Sessions } from './migrations/0003-sessions.js';
import { ErasingUsers } from './migrations/0004-erasing-users.js';
import { LogoutsRemembered } from './migrations/0060-logouts-remembered.js';
import { ServiceAccounts } from './migrations/0078-service-accounts.js';

const teamSchema = new EntitySchema<Team>({
  class: Team,
  schema: 'access',
  tableName: 'team',
  forceConstructor: true,
  properties: {
    id: { type: 'uuid', primary: true, fieldName: 'team_id' },
    name: { type: 'text' },
    createdAt: { type: 'datetime', columnType: 'timestamptz(3)' },
  },
});

const userSchema = new EntitySchema<User>({
  class: User,
  schema: 'access',
  tableName: 'user_account',
  forceConstructor: true,
  properties: {
    teamId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    email: { type: 'text' },
    externalId: { type: 'text', nullable: true },
    accessLevel: { type: 'text' },
    disabled: { type: 'boolean' },
    linkedCandidateIds: { type: 'array', columnType: 'uuid[]' },
    erasedAt: { type: 'datetime', columnType: 'timestamptz(3)', nullable: true },
    createdAt: { type: 'datetime', columnType: 'timestamptz(3)' },
    updatedAt: { type: 'datetime', columnType: 'timestamptz(3)' },
    version: { type: 'integer', version: true },
  },
});

const serviceAccountSchema = new EntitySchema<ServiceAccount>({
  class: ServiceAccount,
  schema: 'access',
  tableName: 'service_account',
  forceConstructor: true,
  properties: {
    teamId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    accessLevel: { type: 'text' },
    scopes: { type: 'array', columnType: 'text[]' },
    clientIssuer: { type: 'text', nullable: true },
    clientId: { type: 'text', nullable: true },
    disabled: { type: 'boolean' },
    stewardIds: { type: 'array', columnType: 'uuid[]' },
    createdAt: { type: 'datetime', columnType: 'timestamptz(3)' },
    updatedAt: { type: 'datetime', columnType: 'timestamptz(3)' },
    deletedAt: { type: 'datetime', columnType: 'timestamptz(3)', nullable: true },
    version: { type: 'integer', version: true },
  },
});

export const accessSchema: ContextSchema = {
  name: 'access',
  entities: [teamSchema, userSchema, serviceAccountSchema],
  migrations: [
    { name: '0001-start', class: Start },
    { name: '0002-sign-in-by-person', class: SignInByPerson },
    { name: '0003-sessions', class: Sessions },
    { name: '0004-erasing-users', class: ErasingUsers },
    { name: '0060-logouts-remembered', class: LogoutsRemembered },
    { name: '0078-service-accounts', class: ServiceAccounts },
  ],
  columns: {
    team: { nothing: 'name' },
    user_account: { nothing: 'access_level', user: 'name email external_id linked_candidate_ids' },
    sign_in: { nothing: 'issuer', user: 'email external_id' },
    // `id` is the hash of the token. Only the browser has the token.
    session: { nothing: 'id issuer', user: 'subject provider_session_id' },
    service_account: { nothing: 'name access_level scopes client_issuer client_id' },
    // `hash` is that of the key. Only the program has the key.
    api_key: { nothing: 'hash last4' },
    // Hashes of the subject and session that a logout of the provider named, kept for 25 minutes.
    used_logout_token: { nothing: 'id subject provider_session' },
  },
};
