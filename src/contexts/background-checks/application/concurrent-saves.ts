import { DomainError } from '#kernel/errors';
import type { UnitOfWork } from '#kernel/ports';

const maxAttempts = 5;

/**
 * Runs the work in a transaction, anew when somebody else saved the check in between. The work must read everything that it
 * decides by itself, after it read the check: whoever saves last has then seen the newest facts.
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
