import { scopes } from '../../src/kernel/scopes.js';
import { type Answer, Person } from './people.js';

/** A service account that signs in with a key. */
export class Machine extends Person {
  constructor(
    url: string,
    id: string,
    readonly key: string,
    readonly keyId: string,
  ) {
    super(url, id, '');
  }

  override get credential(): Record<string, string> {
    return { 'x-api-key': this.key };
  }

  /** The same account with the same key, at another replica. */
  at(url: string): Machine {
    return new Machine(url, this.id, this.key, this.keyId);
  }
}

export interface IssuedKey {
  id: string;
  key: string;
  last4: string;
  expires_at: string;
}

function made<T>(answer: Answer<T>): T {
  if (answer.status === 201) return answer.body;
  throw new Error(`The service answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Every scope, unless others are named. */
export async function aServiceAccount(admin: Person, details: Record<string, unknown> = {}): Promise<string> {
  const body = { name: 'Feed', access_level: 'admin', scopes, ...details };
  return made(await admin.post<{ id: string }>('/service_accounts', body)).id;
}

export const aKeyOf = async (admin: Person, accountId: string, days = 30): Promise<IssuedKey> =>
  made(await admin.post<IssuedKey>(`/service_accounts/${accountId}/keys`, { expires_in_days: days }));

export async function aMachine(admin: Person, details: Record<string, unknown> = {}): Promise<Machine> {
  const id = await aServiceAccount(admin, details);
  const { id: keyId, key } = await aKeyOf(admin, id);
  return new Machine(admin.url, id, key, keyId);
}
