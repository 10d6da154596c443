import { DomainError } from '#kernel/errors';
import { FakeStore, FakeUnitOfWork } from '../../../../test/fakes/fake-store.js';
import { changedMeanwhile } from '../domain/errors.js';
import { saving } from './concurrent-saves.js';

describe('work that saves a check', () => {
  let runs = 0;
  /** Fails as often as there are errors, then succeeds. */
  const save = (...errors: Error[]): Promise<string> => {
    runs = 0;
    return saving(new FakeUnitOfWork(new FakeStore()), async () => {
      const error = errors[runs];
      runs += 1;
      if (error) throw error;
      return 'saved';
    });
  };
  const overtaken = (times: number): Error[] => Array.from({ length: times }, () => changedMeanwhile());

  it('runs once when no other transaction saves it', async () => {
    expect([await save(), runs]).toEqual(['saved', 1]);
  });

  it('runs again after another save, up to four times', async () => {
    expect([await save(...overtaken(4)), runs]).toEqual(['saved', 5]);
    await expect(save(...overtaken(5))).rejects.toMatchObject({ reason: 'changed_meanwhile' });
    expect(runs).toBe(5);
  });

  it.each([
    ['a rule refuses it', new DomainError('conflict', 'already_finished', 'No.')],
    ['it breaks', new Error('The connection was cut.')],
    ['an error only looks like another save', Object.assign(new Error('Odd.'), { reason: 'changed_meanwhile' })],
  ])('does not run again when %s', async (_, error) => {
    await expect(save(error)).rejects.toBe(error);
    expect(runs).toBe(1);
  });
});
