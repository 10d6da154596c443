import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { Answers, IdempotencyRecords, type SendKey, SlotTaken } from '../domain/ports.js';

/** The check as the caller may read it, and whether this is only the repetition of an earlier answer. */
export interface Requested {
  answer: object;
  replayed: boolean;
}

/** One request for a new check. */
export interface Attempt<Validated> {
  caller: Caller;
  key: SendKey | null;
  /** Whether it may be. Asks the vendor's packages and is therefore outside the transaction; asked anew after a lost race. */
  validate(): Promise<Validated>;
  /** Saves it; inside the transaction. Answers the new check's id. */
  commit(validated: Validated): Promise<Id>;
  refused(refusal: DomainError): Promise<void>;
}

/** Each lost race means that another save was committed: the next judgement sees it. */
const maxRaces = 5;

const lostRace = (error: unknown): boolean =>
  error instanceof SlotTaken || (error instanceof DomainError && error.reason === 'changed_meanwhile');

/** Requests for checks: each Idempotency-Key is answered once, each place is taken by one. */
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
      // The same request may have been answered while this one was judged: then the refusal is its own shadow.
      const meanwhile = await this.recall(attempt.key);
      if (meanwhile) return meanwhile;
      if (error instanceof DomainError) await attempt.refused(error);
      throw error;
    }
  }

  private async recall(key: SendKey | null): Promise<Requested | null> {
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
