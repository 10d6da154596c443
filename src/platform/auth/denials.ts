import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { type Id, readId } from '#kernel/id';
import { Audit, type AuditEntry } from '#kernel/ports';
import { Locators } from './locators.js';
import type { NamedId } from './named-ids.js';
import type { Located } from './ports.js';
import { DenialFloods } from './denial-floods.js';
import { authorize } from './requirement.js';
import type { CallerRequest, Requirement } from './requires.js';

/** The audit action of an attempt that has no action of its own, and of every attempt on something the caller cannot see. */
const namelessAttempt = 'access.attempt';

/** How many ids of one request are looked up and recorded, so that one request can neither fill the log nor take long. */
const lookedUpOfOneRequest = 50;
const keptOfOneRequest = 10;

interface Attempt {
  action?: string;
  subject?: string;
  id?: Id;
  reason: string;
  withheldFrom?: Id;
}

/**
 * Records denied attempts in the audit log of the caller's team: acts they may not do, and ids in a path, body or filter that
 * name nothing they can see. Malformed ids are not recorded: they cannot find anything.
 */
@Injectable()
export class Denials {
  constructor(
    private readonly audit: Audit,
    private readonly locators: Locators,
    private readonly floods: DenialFloods,
  ) {}

  /** Records a request's denial, if it is of a kind that is recorded. */
  async recordDenial(
    caller: Caller,
    request: CallerRequest,
    refusal: unknown,
    requirement?: Requirement,
    place?: Located | null,
  ): Promise<void> {
    if (!(refusal instanceof DomainError)) return;
    const { kind, reason } = refusal;
    if (reason === 'unknown_reference') return this.recordUnseen(caller, request, this.locators.named(request.body));
    const id = readId((request.params as { id?: string }).id) ?? undefined;
    if (kind !== 'forbidden' && (kind !== 'not_found' || !id)) return;
    const action = kind === 'forbidden' ? requirement?.action : undefined;
    // The body may name what the path does not: something new is denied because of what the right to it is granted on.
    const named = id
      ? { subject: requirement?.subject, id }
      : this.locators.named(request.body).find((one) => this.locators.of(one.subject).bearsRights);
    await this.record(caller, request, { action, reason, ...named, withheldFrom: place?.hiddenFrom });
  }

  /** Records ids in a list's filters that name nothing the caller can see. Such a list is empty, not denied. */
  recordUnseenIn(caller: Caller, request: CallerRequest): Promise<void> {
    return this.recordUnseen(caller, request, this.locators.named(request.query));
  }

  private async recordUnseen(caller: Caller, request: CallerRequest, named: NamedId[]): Promise<void> {
    let kept = 0;
    for (const { subject, id } of named.slice(0, lookedUpOfOneRequest)) {
      if (kept === keptOfOneRequest) return;
      const place = await this.locators.of(subject).locate(caller.teamId, id);
      if (sees(caller, subject, place)) continue;
      kept += 1;
      await this.record(caller, request, { subject, id, reason: 'not_found', withheldFrom: place?.hiddenFrom });
    }
  }

  private async record(caller: Caller, request: CallerRequest, attempt: Attempt): Promise<void> {
    const { action = namelessAttempt, subject, id, reason, withheldFrom } = attempt;
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? null;
    if (this.floods.isSummed(caller, `${method} ${route}`)) return;
    const about = id ? { entity: this.entityOf(subject), entityId: id } : { entity: 'team', entityId: caller.teamId };
    const to = { reason, method, route };
    await this.audit.record(caller, { action, ...about, outcome: 'refused', to, withheldFrom } satisfies AuditEntry);
  }

  private entityOf(subject: string | undefined): string {
    return subject === undefined ? 'unknown' : (this.locators.of(subject).entity ?? subject);
  }
}

function sees(caller: Caller, subject: string, place: Located | null): boolean {
  try {
    authorize(caller, { capability: null, subject }, place);
    return true;
  } catch {
    return false;
  }
}
