import { DomainError } from '#kernel/errors';
import type { UnitOfWork } from '#kernel/ports';

const maxAttempts = 5;

/**
 * Runs the work in a transaction, and runs it again when another transaction saved the check in between. After it has read the
 * check, the work must read every other fact it decides by. Then the last save is based on the newest facts.
 */
export async function saving<T>(unitOfWork: UnitOfWork, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await unitOfWork.run(work);
    } catch (error) {
      const overtaken = error instanceof DomainError && error.reason === 'changed_meanwhile';
      if (!overtaken || attempt === maxAttempts) throw error;
    }
  }
}
