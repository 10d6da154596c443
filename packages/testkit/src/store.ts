import { type Account, type ApiKey, isUsable } from './account.ts';
import type { Case } from './case.ts';
import type { CertnEvent } from './events.ts';
import type { Mail } from './mailbox.ts';

/** A requested report: pending until `ready`, then its outcome (docs/certn-api.md 2.6). */
export interface ReportFile {
  id: string;
  account: string;
  case: string;
  created: number;
  ready: number;
  outcome: 'COMPLETE' | 'FAILED';
}

/** Everything that survives a restart. */
export interface StoredState {
  accounts: Account[];
  cases: Case[];
  mails: Mail[];
  events: CertnEvent[];
  reports: ReportFile[];
}

const noCases: readonly Case[] = [];

/** The stand-in's memory: plain records with the indexes that keep 20,000 cases fast. */
export class Store {
  readonly accounts = new Map<string, Account>();
  readonly cases = new Map<string, Case>();
  readonly reports = new Map<string, ReportFile>();
  readonly mails: Mail[] = [];
  private readonly events = new Map<string, CertnEvent[]>();
  private readonly keys = new Map<string, { account: Account; key: ApiKey }>();
  private readonly casesOfAccount = new Map<string, Case[]>();
  private readonly casesOfEmail = new Map<string, Case[]>();
  private readonly casesOfToken = new Map<string, Case>();

  /** Call this also after the account's keys changed. */
  putAccount(account: Account): void {
    this.accounts.set(account.id, account);
    for (const key of account.api_keys) this.keys.set(key.key, { account, key });
  }

  findAccount(idOrName: string): Account | undefined {
    return this.accounts.get(idOrName) ?? [...this.accounts.values()].find((account) => account.name === idOrName);
  }

  /** Which account a key belongs to, and whether the key is still valid (docs/certn-api.md 1.2). */
  ownerOfKey(value: string): { account: Account; usable: boolean } | undefined {
    const found = this.keys.get(value);
    return found && { account: found.account, usable: isUsable(found.key, Date.now()) };
  }

  putCase(added: Case): void {
    this.cases.set(added.id, added);
    this.casesOfToken.set(added.invite_token, added);
    insertByAge(listIn(this.casesOfAccount, added.account), added);
    insertByAge(listIn(this.casesOfEmail, emailKey(added.account, added.email_address)), added);
  }

  caseOfToken(token: string): Case | undefined {
    return this.casesOfToken.get(token);
  }

  /** Oldest first. The e-mail is compared without case; stricter callers filter again. */
  casesOf(account: string, email?: string | null): readonly Case[] {
    const found = email ? this.casesOfEmail.get(emailKey(account, email)) : this.casesOfAccount.get(account);
    return found ?? noCases;
  }

  addEvent(event: CertnEvent): void {
    listIn(this.events, event.account).push(event);
  }

  /** Oldest first. */
  eventsOf(account: string): readonly CertnEvent[] {
    return this.events.get(account) ?? [];
  }

  state(): StoredState {
    return {
      accounts: [...this.accounts.values()],
      cases: [...this.cases.values()],
      mails: this.mails,
      events: [...this.events.values()].flat(),
      reports: [...this.reports.values()],
    };
  }

  load(state: StoredState): void {
    state.accounts.forEach((account) => this.putAccount(account));
    state.cases.forEach((found) => this.putCase(found));
    state.events.forEach((event) => this.addEvent(event));
    state.reports.forEach((file) => this.reports.set(file.id, file));
    this.mails.push(...state.mails);
  }

  clear(): void {
    for (const index of [this.accounts, this.cases, this.reports, this.events, this.keys]) index.clear();
    for (const index of [this.casesOfAccount, this.casesOfEmail, this.casesOfToken]) index.clear();
    this.mails.length = 0;
  }
}

const emailKey = (account: string, email: string): string => `${account} ${email.toLowerCase()}`;

function listIn<Value>(index: Map<string, Value[]>, key: string): Value[] {
  const list = index.get(key) ?? [];
  if (list.length === 0) index.set(key, list);
  return list;
}

/** Inserts almost always at the end. Only a case from the portal that is dated in the past goes before others. */
function insertByAge(list: Case[], added: Case): void {
  let place = list.length;
  while (place > 0 && list[place - 1]!.created > added.created) place -= 1;
  list.splice(place, 0, added);
}
