import { DomainError } from '#kernel/errors';
import { readImportLine } from './import-line.js';

describe('a line of an import', () => {
  it('is a job with the names of its stages; its other fields belong to hiring', () => {
    const line = { type: 'job', external_id: 'j-1', name: 'Nurse', stages: [{ name: ' Screen ' }, { name: 'Offer' }] };
    expect(readImportLine(line)).toEqual({
      type: 'job',
      externalId: 'j-1',
      stages: ['Screen', 'Offer'],
      fields: { name: 'Nurse' },
    });
  });

  it('is an application that names its stage', () => {
    const line = { type: 'application', external_id: 'a-1', candidate: 'c-1', job: 'j-1', stage: 'Offer' };
    expect(readImportLine(line)).toEqual({
      type: 'application',
      externalId: 'a-1',
      stage: 'Offer',
      fields: { candidate: 'c-1', job: 'j-1' },
    });
  });

  it.each([
    ['a list', [], 'line'],
    ['null', null, 'line'],
    ['an unknown type', { type: 'offer', external_id: 'x' }, 'type'],
    ['no type', { external_id: 'x' }, 'type'],
    ['no external id', { type: 'candidate' }, 'external_id'],
    ['a blank external id', { type: 'candidate', external_id: ' ' }, 'external_id'],
    ['a number for external id', { type: 'candidate', external_id: 7 }, 'external_id'],
    ['stages that are no list', { type: 'job', external_id: 'x', stages: 'Screen' }, 'stages'],
    ['a stage that is no object', { type: 'job', external_id: 'x', stages: ['Screen'] }, 'stages.0'],
    ['a stage without a name', { type: 'job', external_id: 'x', stages: [{}] }, 'stages.0.name'],
    ['a stage with more', { type: 'job', external_id: 'x', stages: [{ name: 'A', id: 1 }] }, 'stages.0.id'],
    [
      '101 stages',
      { type: 'job', external_id: 'x', stages: Array.from({ length: 101 }, (_, i) => ({ name: `${i}` })) },
      'stages',
    ],
    ['two stages of one name', { type: 'job', external_id: 'x', stages: [{ name: 'A' }, { name: 'A ' }] }, 'stages'],
  ])('with %s is refused, naming the field', (_, line, field) => {
    expect(refusedFields(line)).toEqual([field]);
  });
});

function refusedFields(line: unknown): string[] {
  try {
    readImportLine(line);
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'invalid') return Object.keys(error.errors.json ?? {});
    throw error;
  }
  return [];
}
