import { randomUUID } from 'node:crypto';
import type { Account } from './account.ts';
import { type Case, type CaseOptions, newCase } from './case.ts';
import { announce } from './announce.ts';
import { type Action, destination, scoreFor, updateChecks } from './lifecycle.ts';
import { badRequest } from './refusal.ts';
import type { World } from './world.ts';

/** An order by API. It is in the ledger before any event or answer mentions it. */
export function orderCase(world: World, account: Account, request: string, options: Omit<CaseOptions, 'origin'>): Case {
  const ordered = newCase(account, { ...options, origin: 'api' });
  world.ledger.append({
    time: ordered.created,
    account: account.id,
    case: ordered.id,
    short_id: ordered.short_id,
    package: ordered.package,
    email: ordered.email_address,
    send_invite_email: ordered.send_invite_email,
    return_invite_link: ordered.return_invite_link,
    request,
  });
  addCase(world, account, ordered);
  return ordered;
}

/** A case made in Certn's portal. It is no order, so it is not in the ledger. */
export function portalCase(world: World, account: Account, options: Omit<CaseOptions, 'origin'>): Case {
  const made = newCase(account, { ...options, origin: 'portal' });
  addCase(world, account, made);
  return made;
}

function addCase(world: World, account: Account, added: Case): void {
  world.store.putCase(added);
  if (added.send_invite_email) writeMail(world, added, 'invitation');
  if (account.settings.webhook_on_order) announce(world, added, 'CASE_STATUS_CHANGED');
  deliverLater(world, added);
  world.snapshot.touch();
}

/** Delivers the invitation after a while, or bounces it when the address begins with `bounce`. */
export function deliverLater(world: World, found: Case): void {
  const ms = world.store.accounts.get(found.account)?.settings.auto_deliver_ms ?? null;
  if (ms === null || !found.send_invite_email || found.overall_status !== 'CASE_ORDERED') return;
  world.timers.after(ms, () => {
    if (found.overall_status !== 'CASE_ORDERED') return;
    act(world, found, /^bounce/i.test(found.email_address) ? 'bounce' : 'deliver');
  });
}

/** One legal move of the lifecycle. */
export function act(world: World, found: Case, action: Action, score?: unknown): void {
  const to = destination(found, action);
  const decline = world.store.accounts.get(found.account)?.settings.decline_as;
  moveTo(world, found, action === 'decline' && decline ? decline : to, scoreFor(to, score));
  if (action === 'cancel') writeMail(world, found, 'cancelled');
}

/** Sets any status and score, also values that Certn never used (the action `set`). */
export function setRaw(world: World, found: Case, status: unknown, score: unknown): void {
  if (status !== undefined && typeof status !== 'string') throw badRequest('"status" must be a string.');
  const to = status ?? found.overall_status;
  moveTo(world, found, to, score === undefined ? found.overall_score : scoreFor(to, score));
}

/** An event is sent only when the status itself changed (docs/certn-api.md 5.2), not for a new score alone. */
function moveTo(world: World, found: Case, status: string, score: string | null): void {
  const before = found.overall_status;
  const checksBefore = found.checks.map((check) => check.status);
  found.overall_status = status;
  found.overall_score = score;
  updateChecks(found);
  world.snapshot.touch();
  if (before !== status) announce(world, found, 'CASE_STATUS_CHANGED');
  announceChecks(world, found, checksBefore);
}

function announceChecks(world: World, found: Case, before: string[]): void {
  const mode = world.store.accounts.get(found.account)?.settings.webhook_check_events ?? 'none';
  if (mode === 'none') return;
  for (const [index, check] of found.checks.entries()) {
    if (check.status === before[index]) continue;
    announce(world, found, 'CHECK_STATUS_CHANGED', mode === 'check' ? { id: check.id, type: 'CHECK' } : undefined);
  }
}

function writeMail(world: World, found: Case, kind: 'invitation' | 'cancelled'): void {
  const { subject, text } = mailTexts[kind];
  world.store.mails.push({
    id: randomUUID(),
    account: found.account,
    case: found.id,
    kind,
    to: found.email_address,
    subject,
    text,
    created: new Date().toISOString(),
  });
}

const mailTexts = {
  invitation: {
    subject: 'You are invited to complete a background check',
    text: 'Please open your personal link to give your details and consent. No longer interested? You can decline there.',
  },
  cancelled: {
    subject: 'Your background check was cancelled',
    text: 'The company that ordered it has cancelled the check. You can no longer open the application.',
  },
} as const;

/** Restores orders that were not in the snapshot when the process died, in the state in which they were accepted. */
export function restoreFromLedger(world: World): void {
  for (const line of world.ledger.lines) {
    const account = world.store.accounts.get(line.account);
    if (!account || world.store.cases.has(line.case)) continue;
    const restored = newCase(account, {
      id: line.case,
      short_id: line.short_id,
      created: line.time,
      origin: 'api',
      package: account.packages.find((entry) => entry.id === line.package) ?? null,
      email_address: line.email,
      send_invite_email: line.send_invite_email,
      return_invite_link: line.return_invite_link,
    });
    world.store.putCase(restored);
    if (restored.send_invite_email) writeMail(world, restored, 'invitation');
  }
}
