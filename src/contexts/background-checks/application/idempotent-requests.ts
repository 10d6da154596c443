import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import type { RequestKey } from '#kernel/request-key';
import { Answers, IdempotencyRecords, SlotTaken } from '../domain/ports.js';

/** The check as the caller may read it. `replayed`: this repeats an earlier answer. */
export interface Requested {
  answer: object;
  replayed: boolean;
}

/** One request for a new check. */
export interface Attempt<Validated> {
  caller: Caller;
  key: RequestKey | null;
  /**
   * Throws when the check may not be sent. May fetch the vendor's packages, so it runs outside the transaction. Repeated after
   * a lost race.
   */
  validate(): Promise<Validated>;
  /** Saves the check, inside the transaction. Returns its id. */
  commit(validated: Validated): Promise<Id>;
  refused(refusal: DomainError): Promise<void>;
}

/** Each lost race means that another save was committed. The next validation sees that save. */
const maxRaces = 5;

const lostRace = (error: unknown): boolean =>
  error instanceof SlotTaken || (error instanceof DomainError && error.reason === 'changed_meanwhile');

/** Runs requests for checks: one answer for each Idempotency-Key, one check for each slot. */
@Injectable()
export class IdempotentRequests {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly idempotencyRecords: IdempotencyRecords,
    private readonly answers: Answers,
  ) {}

  async run<Validated>(attempt: Attempt<Validated>): Promise<Requested> {
    const first = await this.recall(attempt.key);
    if (first) return first;
    try {
      return await this.race(attempt, maxRaces);
    } catch (error) {
      // The same request may have succeeded during this one. Then its own success caused this refusal, and its answer is repeated.
      const meanwhile = await this.recall(attempt.key);
      if (meanwhile) return meanwhile;
      if (error instanceof DomainError) await attempt.refused(error);
      throw error;
    }
  }

  private async recall(key: RequestKey | null): Promise<Requested | null> {
    if (!key) return null;
    const answer = await this.unitOfWork.run(() => this.idempotencyRecords.recall(key));
    return answer && { answer, replayed: true };
  }

  private async race<Validated>(attempt: Attempt<Validated>, racesLeft: number): Promise<Requested> {
    const validated = await attempt.validate();
    try {
      return await this.unitOfWork.run(() => this.commit(attempt, validated));
    } catch (error) {
      if (lostRace(error) && racesLeft > 0) return this.race(attempt, racesLeft - 1);
      throw error;
    }
  }

  private async commit<Validated>(attempt: Attempt<Validated>, validated: Validated): Promise<Requested> {
    const { caller, key } = attempt;
    const first = key && (await this.idempotencyRecords.recall(key));
    if (first) return { answer: first, replayed: true };
    const checkId = await attempt.commit(validated);
    const answer = await this.answers.about(caller, checkId);
    if (key) await this.idempotencyRecords.remember(key, checkId, answer);
    return { answer, replayed: false };
  }
}
