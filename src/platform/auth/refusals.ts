import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { readId } from '#kernel/id';
import { Audit } from '#kernel/ports';
import type { Located } from './ports.js';
import type { CallerRequest, Requirement } from './requires.js';

/** The audit log's words for kinds of things that paths name otherwise. */
const entities: Record<string, string> = { check: 'background_check' };

/** What the audit log calls an attempt without a name of its own there, and every attempt on what is not to be seen. */
const namelessAttempt = 'access.attempt';

/**
 * Keeps refused attempts in the caller's team's audit log: what they may not do, and ids that name nothing of theirs, be it
 * another team's or nobody's. Whoever tries ids out leaves a trace; what is no id at all is not worth one.
 */
@Injectable()
export class Refusals {
  constructor(private readonly audit: Audit) {}

  async keep(
    caller: Caller,
    request: CallerRequest,
    refusal: unknown,
    requirement?: Requirement,
    place?: Located | null,
  ): Promise<void> {
    const id = readId((request.params as { id?: string }).id);
    if (!(refusal instanceof DomainError) || !isRefusal(refusal, id !== null)) return;
    const { method, routeOptions } = request;
    const subject = requirement?.subject;
    const action = refusal.kind === 'forbidden' ? requirement?.action : undefined;
    await this.audit.record(caller, {
      action: action ?? namelessAttempt,
      entity: id ? (entities[subject ?? ''] ?? subject ?? 'unknown') : 'team',
      entityId: id ?? caller.teamId,
      outcome: 'refused',
      to: { reason: refusal.reason, method, route: routeOptions.url ?? null },
      candidateId: place?.candidateId,
    });
  }
}

const isRefusal = ({ kind }: DomainError, named: boolean): boolean =>
  kind === 'forbidden' || (kind === 'not_found' && named);
