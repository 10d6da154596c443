import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Account } from './account.ts';
import type { Case } from './case.ts';
import { announce } from './announce.ts';
import type { ReportFile } from './store.ts';
import type { World } from './world.ts';

const signingKey = randomBytes(32);

export function requestReport(world: World, account: Account, found: Case): ReportFile {
  const { report_ms, report_outcome } = account.settings;
  const now = Date.now();
  const file: ReportFile = {
    id: randomUUID(),
    account: account.id,
    case: found.id,
    created: now,
    ready: now + report_ms,
    outcome: report_outcome,
  };
  world.store.reports.set(file.id, file);
  world.snapshot.touch();
  if (file.outcome === 'COMPLETE') world.timers.after(report_ms, () => announce(world, found, 'CASE_REPORT_READY'));
  return file;
}

export function reportStatus(file: ReportFile, now: number): 'PENDING' | 'COMPLETE' | 'FAILED' {
  return now < file.ready ? 'PENDING' : file.outcome;
}

/** Pre-signed and short-lived: anyone who has it can download without a header until it expires. */
export function signedPdfUrl(world: World, file: ReportFile, ttlMs: number): string {
  const expires = String(Date.now() + ttlMs);
  return `${world.url}/files/reports/${file.id}.pdf?expires=${expires}&signature=${sign(file.id, expires)}`;
}

export function mayDownload(fileId: string, expires: string, signature: string): boolean {
  const right = Buffer.from(sign(fileId, expires));
  const given = Buffer.from(signature);
  return given.length === right.length && timingSafeEqual(given, right) && Number(expires) > Date.now();
}

function sign(fileId: string, expires: string): string {
  return createHmac('sha256', signingKey).update(`${fileId} ${expires}`).digest('hex');
}
